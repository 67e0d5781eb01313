"""Grey failure: the replica works and says that it is ready, but what it answers is a failure.

What was to be done is done: an order has been placed although its client is told that it failed. That is the
difference from an error, and why a client may only ask again with the same idempotency key.
"""

from typing import Literal

from pydantic import PrivateAttr
from starlette.types import Message, Send

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Rate, RequestFault
from chassis.faults.host import Host
from chassis.problems import Problem


class Grey(RequestFault):
    """The service's answer is thrown away, and a 500 given in its place."""

    kind: Literal["grey"]
    rate: Rate = 1.0

    _over: bool = PrivateAttr(False)

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.chance.random() < self.rate:
            exchange.send = self._spoiling(exchange)

    def clear(self, host: Host) -> None:
        self._over = True

    def _spoiling(self, exchange: Exchange) -> Send:
        scope, receive, send = exchange.scope, exchange.receive, exchange.send
        spoilt = False

        async def spoil(message: Message) -> None:
            nonlocal spoilt
            if spoilt:
                return
            if self._over or message["type"] != "http.response.start":
                await send(message)
                return
            spoilt = True
            await Problem(500, "A fault was injected: grey.").response()(scope, receive, send)

        return spoil
