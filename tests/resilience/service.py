"""A service under a test's control, and a loop that turns one tick at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from resilience.events import Announcer, Listener
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.pipeline import Pipeline
from tests.resilience.conftest import FakeTime

T = TypeVar("T")


class Broken(Exception):
    """The service failed."""

    def __init__(self, what: str = "broken", retry_after_s: float | None = None) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class Service:
    """Answers its calls when it is told to, oldest first or by number; counts what reached it."""

    def __init__(self) -> None:
        self.dispatched = 0
        self.most_at_once = 0
        self.under_way: dict[int, asyncio.Future[str]] = {}

    async def __call__(self) -> str:
        number = self.dispatched
        self.dispatched += 1
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.under_way[number] = answer
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        try:
            return await answer
        finally:
            del self.under_way[number]

    def waiting(self) -> list[int]:
        return [number for number, answer in self.under_way.items() if not answer.done()]

    def answer(self, number: int | None = None) -> None:
        self._take(number).set_result("answer")

    def fail(self, number: int | None = None, error: Exception | None = None) -> None:
        self._take(number).set_exception(error or Broken())

    def _take(self, number: int | None) -> "asyncio.Future[str]":
        return self.under_way[self.waiting()[0] if number is None else number]


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(8):
        await asyncio.sleep(0)


async def outcome(awaitable: Awaitable[T]) -> T | type[BaseException]:
    """The result, or the class of the error."""
    try:
        return await awaitable
    except (Exception, asyncio.CancelledError) as error:
        return type(error)


async def succeed() -> str:
    return "answer"


async def fail() -> str:
    raise Broken


def begin(call: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    return asyncio.get_running_loop().create_task(call)


def pipeline_in(time: FakeTime, options: Any = None, listeners: Iterable[Listener] = (), **more: Any) -> Pipeline:
    """A pipeline whose time is the test's and whose dice always show the middle."""
    arguments = {"clock": time.clock, "call_later": time.call_later, "sleep": time.sleep, "random": lambda: 0.5}
    return Pipeline("service", options, announcer=Announcer(listeners), **{**arguments, **more})


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario to its end in an event loop of its own, for tests that hypothesis calls."""
    asyncio.run(scenario())


ONE_SLOT = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=3, max_wait_s=0.5))


def idle(pipeline: Pipeline) -> bool:
    """Whether every slot and queue place is back, and nothing is under way."""
    now = pipeline.snapshot()
    return (now.in_flight, now.bulkhead.in_use, now.bulkhead.queued) == (0, 0, 0)


def state(pipeline: Pipeline) -> str:
    return pipeline.snapshot().circuit_breaker.state


async def open_it(pipeline: Pipeline) -> None:
    for _ in range(5):
        assert await outcome(pipeline.call(fail)) is Broken
    assert state(pipeline) == "open"
