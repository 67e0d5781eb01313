"""Exhausted pool: every connection to the database is in use, as after a bug that never ends its transactions."""

import asyncio
from typing import Literal

from pydantic import PrivateAttr
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.faults.fault import Fault
from chassis.faults.host import Host
from chassis.problems import Problem

_CONNECT_AGAIN_S = 0.25


class ExhaustPool(Fault):
    """Takes real connections from the engine's pool as soon as they are free, and keeps them."""

    kind: Literal["exhaust_pool"]

    _holders: list[asyncio.Task[None]] = PrivateAttr(default_factory=list)

    def inject(self, host: Host) -> None:
        if host.database is None:
            raise Problem(422, "This service has no database, so it has no pool to exhaust.")
        engine = host.database.engine
        self._holders = [asyncio.create_task(_hold(engine)) for _ in range(host.database.pool_size)]

    def clear(self, host: Host) -> None:
        for holder in self._holders:
            holder.cancel()


async def _hold(engine: AsyncEngine) -> None:
    while True:
        try:
            async with engine.connect():
                await asyncio.Event().wait()
        except PoolTimeout:
            continue
        except Exception:  # the database is unavailable: try again until it is back
            await asyncio.sleep(_CONNECT_AGAIN_S)
