"""Open-loop load: requests go out at a constant rate, whether or not the earlier ones have been answered.

A closed loop waits for each answer, so a server that stalls is asked less just while it stalls, and looks good. Here
every request has a moment at which it is due, and its latency counts from there.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Self

from lab.client import Client, Outcome
from lab.record import Record, Records
from lab.request import Request, searches
from lab.result import Result, Second

TIMEOUT = "timeout"
DROPPED = "dropped"

__all__ = ["DROPPED", "TIMEOUT", "OpenLoop", "Request", "Result", "Second", "searches"]


class OpenLoop:
    """`async with OpenLoop(url, rate=200, requests=searches()) as load:` runs in the background until `stop`.

    A request fails when its status is 400 or more, its connection breaks, or no answer has arrived within `timeout_s`
    of being due. While `max_in_flight` are unanswered, those that fall due are dropped, which counts as failed.
    """

    def __init__(
        self,
        url: str,
        *,
        rate: float,
        requests: Iterator[Request],
        timeout_s: float = 5.0,
        max_in_flight: int = 1000,
        on_outcome: Callable[[Request, Outcome], None] | None = None,
    ) -> None:
        if rate <= 0 or timeout_s <= 0 or max_in_flight < 1:
            raise ValueError("A load needs a rate, a timeout and a number of requests in flight above zero.")
        self._url = url
        self._rate = rate
        self._requests = enumerate(requests)
        self._timeout_s = timeout_s
        self._max_in_flight = max_in_flight
        self._on_outcome = on_outcome
        self._records = Records()
        self._windowed = 0
        self.seen: dict[str, float] = {}
        """For each replica, when the latest request that it answered had been due."""
        self._in_flight: set[asyncio.Task[None]] = set()
        self._crash: BaseException | None = None

    async def __aenter__(self) -> Self:
        # One collection among thousands of pending requests takes 50 to 130 ms, in which nothing is sent.
        gc.collect()
        gc.disable()
        self._client = Client(self._url, self._max_in_flight)
        self.started_s = self._due_s = monotonic()
        self._schedule = asyncio.create_task(self._run())
        self._schedule.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                await self.stop()
        finally:
            unfinished = [self._schedule, *self._in_flight]
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
            await self._client.close()
            gc.enable()

    @property
    def finished(self) -> bool:
        """Whether no request is left to be sent."""
        return self._schedule.done()

    @property
    def in_flight(self) -> int:
        """Requests that were sent and have not ended."""
        return len(self._in_flight)

    def records(self, since: int = 0) -> list[Record]:
        """Those that have ended, from this one on in the order in which they ended."""
        return list(self._records.since(since))

    def result(self) -> Result:
        """Every request that has ended so far."""
        return Result(self._records.since(0), self.started_s)

    def window(self) -> Result:
        """The requests that have ended since the last `window()`."""
        first, self._windowed = self._windowed, len(self._records)
        return Result(self._records.since(first), self.started_s)

    async def stop(self) -> Result:
        """Send no more, wait for what is in flight (no longer than its timeout), and give the whole result.

        What is due by now still goes out: a stall of the generator's own must not hide the requests that fell into it.
        """
        if not self._schedule.done():
            with suppress(StopIteration):
                self._start_what_is_due()
        self._schedule.cancel()
        await asyncio.wait([self._schedule])
        while self._in_flight:
            await asyncio.wait(self._in_flight)
        crash, self._crash = self._crash, None
        if crash is not None:
            raise crash
        return self.result()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(max(0.0, self._due_s - monotonic()))
            try:
                self._start_what_is_due()
            except StopIteration:
                return

    def _start_what_is_due(self) -> None:
        """Each when it is due; when late, all that are overdue. StopIteration where no request is left."""
        while self._due_s <= monotonic():
            number, request = next(self._requests)
            due_s, self._due_s = self._due_s, self.started_s + (number + 1) / self._rate
            if len(self._in_flight) < self._max_in_flight:
                task = asyncio.create_task(self._send(request, due_s))
                self._in_flight.add(task)
                task.add_done_callback(self._ended)
            else:
                self._records.append(Record(due_s, _since(due_s), 0.0, DROPPED, kind=request.kind))

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A fault of the generator's own must not pass for a request that was never sent."""
        self._in_flight.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._crash = task.exception()
            self._schedule.cancel()

    async def _send(self, request: Request, due_s: float) -> None:
        lag_s = _since(due_s)
        try:
            outcome = await self._client.send(request, self._timeout_s - lag_s)
        except TimeoutError:
            outcome = Outcome(TIMEOUT)
        self._records.append(
            Record(
                due_s,
                lag_s,
                _since(due_s),
                outcome.failure,
                outcome.replica,
                request.kind,
                outcome.degraded,
                outcome.retries,
                outcome.reason,
            )
        )
        if self._on_outcome is not None:
            self._on_outcome(request, outcome)
        if not outcome.failure and outcome.replica:
            self.seen[outcome.replica] = max(due_s, self.seen.get(outcome.replica, due_s))


def _since(due_s: float) -> float:
    """Seconds since then; a timer may be a fraction of a millisecond early."""
    return max(0.0, monotonic() - due_s)
