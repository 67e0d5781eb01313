"""Grey failure: the replica is ready and does its work, but its answers are failures.

An order is placed, although its client gets a 500. With the fault `error` it is not placed. So a client must repeat the
request with the same idempotency key.
"""

from typing import Literal

from pydantic import PrivateAttr
from starlette.types import Message, Send

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Rate, RequestFault
from chassis.faults.host import Host
from chassis.problems import Problem


class Grey(RequestFault):
    """Replaces the service's answer by a 500."""

    kind: Literal["grey"]
    rate: Rate = 1.0

    _over: bool = PrivateAttr(False)

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.rng.random() < self.rate:
            exchange.send = self._replacing(exchange)

    def clear(self, host: Host) -> None:
        self._over = True

    def _replacing(self, exchange: Exchange) -> Send:
        scope, receive, send = exchange.scope, exchange.receive, exchange.send
        replaced = False

        async def replace(message: Message) -> None:
            nonlocal replaced
            if replaced:
                return
            if self._over or message["type"] != "http.response.start":
                await send(message)
                return
            replaced = True
            await Problem(500, "A fault was injected: grey.").response()(scope, receive, send)

        return replace
