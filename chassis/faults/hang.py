"""Hang: a request gets no answer until the fault ends, as from a process that waits for a lock."""

from typing import Literal

from pydantic import PrivateAttr

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Rate, RequestFault
from chassis.faults.hold import Hold
from chassis.faults.host import Host


class Hang(RequestFault):
    """Holds the request until its client disconnects or the fault ends. At the end, the service answers it."""

    kind: Literal["hang"]
    rate: Rate = 1.0

    _hold: Hold = PrivateAttr(default_factory=Hold)

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.rng.random() < self.rate:
            await self._hold.keep(exchange, host)

    def clear(self, host: Host) -> None:
        self._hold.let_go()
