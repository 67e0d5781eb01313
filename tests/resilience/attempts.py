"""Calls that fail so often, and time that passes until they have an outcome."""

import asyncio
from collections.abc import Awaitable, Callable

from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.pipeline import Pipeline
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, outcome, settle

UNBROKEN = CircuitBreakerOptions(consecutive_failures=1_000_000, minimum_calls=1_000_000)
ROOMY = BulkheadOptions(max_concurrent=100_000)
PATIENT = PipelineOptions(circuit_breaker=UNBROKEN, bulkhead=ROOMY)


class Attempts:
    """A call that fails so often before it answers, and keeps when it was made."""

    def __init__(self, time: FakeTime, failures: int, error: Callable[[], BaseException] = Broken) -> None:
        self.at_s: list[float] = []
        self._time = time
        self._failures = failures
        self._error = error

    async def __call__(self) -> str:
        self.at_s.append(self._time.now_s)
        if len(self.at_s) <= self._failures:
            raise self._error()
        return "answer"


async def in_time(awaitable: Awaitable[object], time: FakeTime, seconds: float = 10) -> object:
    """The outcome, letting time pass in steps of 1/64 s until there is one."""
    task = asyncio.ensure_future(awaitable)
    for _ in range(int(seconds * 64)):
        await settle()
        if task.done():
            break
        time.pass_by(1 / 64)
    return await outcome(task)


async def calls_made(pipeline: Pipeline, time: FakeTime, error: Callable[[], BaseException]) -> tuple[object, int]:
    call = Attempts(time, failures=99, error=error)
    return await in_time(pipeline.call(call, idempotent=True), time), len(call.at_s)
