"""The watch: reads the state of every replica once a second, updates the board, and sends the news to the pages."""

import asyncio
from collections.abc import Callable

import structlog

from services.dashboard.board import Board
from services.dashboard.channel import Channel
from services.dashboard.collector import Collector
from services.dashboard.show import Show
from services.dashboard.visitors import Visitors
from services.dashboard.visits import Visit

log = structlog.get_logger("dashboard")


class Watch:
    """`clock` returns seconds since 1970 and never goes back."""

    def __init__(
        self, collector: Collector, board: Board, channel: Channel, interval_s: float, clock: Callable[[], float]
    ) -> None:
        self._collector = collector
        self._board = board
        self._channel = channel
        self._interval_s = interval_s
        self._clock = clock
        self._visits: list[Visit] = []

    def add(self, visit: Visit) -> None:
        self._visits.append(visit)

    async def run(self, visitors: Visitors, show: Show) -> None:
        due_at = self._clock()
        while True:
            try:
                readings = await self._collector.collect()
                visits, self._visits = self._visits, []
                self._board.show_left_s, self._board.visitors_wait = show.left_s, visitors.waiting
                self._board.observe(readings, visits, visitors.rate)
                self._channel.publish(self._board.news())
            except Exception:
                # One failure must not end the watch. Meanwhile the page shows that its data are old.
                log.exception("watch_failed")
                self._visits.clear()
            due_at = max(due_at + self._interval_s, self._clock())
            await asyncio.sleep(due_at - self._clock())
