"""One request on its way to the service. A fault can delay it, cut its connection, or replace its answer."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send


@dataclass(slots=True)
class Exchange:
    """The arguments with which the service will be called. A fault can replace `receive` and `send`."""

    scope: Scope
    receive: Receive
    send: Send
