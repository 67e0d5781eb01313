"""One request on its way to the service, which a fault may hold up, cut off, or spoil the answer of."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class Exchange:
    """What the service will be called with; a fault may put its own `receive` and `send` in place."""

    scope: Scope
    receive: Receive
    send: Send
