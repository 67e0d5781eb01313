"""A service under a test's control, and a pipeline around it in the test's own time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, TypeVar

from resilience.errors import CallFailed
from resilience.events import Announcer, Event, Listener, Retrying
from resilience.fallback import CacheAction, Fallback, store_all
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions, StaleCacheOptions
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.stale_cache import StaleCache
from tests.resilience.conftest import FakeClock

T = TypeVar("T")

ONE_SLOT = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=3, max_wait_s=0.5))
# The breaker never opens and the bulkhead is never full.
NEVER_OPENS = CircuitBreakerOptions(consecutive_failures=1_000_000, minimum_calls=1_000_000)
ONLY_RETRIES = PipelineOptions(circuit_breaker=NEVER_OPENS, bulkhead=BulkheadOptions(max_concurrent=100_000))


class Broken(CallFailed):
    """The service failed."""

    reason = "broken"

    def __init__(self, what: str = "broken", retry_after_s: float | None = None) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class BadRequest(CallFailed):
    """The service failed, perhaps because of the request."""

    reason = "bare_500"
    outcome = Outcome.REQUEST_FAILURE


class Bug(Exception):
    """An error of our own."""


class Service:
    """Answers its calls when the test says so, the oldest first or by number; counts the calls that reached it."""

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

    def answer(self, number: int | None = None, text: str = "answer") -> None:
        self._take(number).set_result(text)

    def fail(self, number: int | None = None, error: Exception | None = None) -> None:
        self._take(number).set_exception(error or Broken())

    def _take(self, number: int | None) -> "asyncio.Future[str]":
        return self.under_way[self.waiting()[0] if number is None else number]


class Attempts:
    """A call that fails a number of times before it answers; it remembers when it was made."""

    def __init__(self, time: FakeClock, failures: int, error: Callable[[], BaseException] = Broken) -> None:
        self.at_s: list[float] = []
        self._time = time
        self._failures = failures
        self._error = error

    async def __call__(self) -> str:
        self.at_s.append(self._time())
        if len(self.at_s) <= self._failures:
            raise self._error()
        return "answer"


async def succeed() -> str:
    return "answer"


async def fail() -> str:
    raise Broken


async def fail_by_request() -> str:
    raise BadRequest


async def hang() -> str:
    never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    return await never


async def fail_if_cancelled() -> str:
    """A call that turns its cancellation into an error of the service."""
    try:
        return await hang()
    except asyncio.CancelledError:
        raise Broken from None


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(12):
        await asyncio.sleep(0)


async def outcome(awaitable: Awaitable[T]) -> T | type[BaseException]:
    """The result, or the class of the error."""
    try:
        return await awaitable
    except (Exception, asyncio.CancelledError) as error:
        return type(error)


def begin(call: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
    return asyncio.get_running_loop().create_task(call)


def pipeline_in(time: FakeClock, options: Any = None, listeners: Iterable[Listener] = (), **more: Any) -> Pipeline:
    """A pipeline in the time of the test, whose random numbers are all 0.5."""
    arguments: dict[str, Any] = {"clock": time, "random": lambda: 0.5, **more}
    return Pipeline("service", options, announcer=Announcer(listeners), **arguments)


def cache_of(options: StaleCacheOptions | None = None) -> StaleCache[str]:
    return StaleCache(options, size_of=len)


def fallback_in(
    time: FakeClock,
    options: StaleCacheOptions | None = None,
    cache_action: Callable[[str], CacheAction] = store_all,
    listeners: Iterable[Listener] = (),
) -> Fallback[str]:
    return Fallback("service", cache_of(options), cache_action=cache_action, clock=time, announcer=Announcer(listeners))


def waits_in(events: list[Event]) -> list[float]:
    """The pauses before the retries that were announced."""
    return [event.wait_s for event in events if isinstance(event, Retrying)]


def idle(pipeline: Pipeline) -> bool:
    """Whether all slots and places in the queue are free, and nothing is under way."""
    now = pipeline.snapshot()
    return (now.in_flight, now.bulkhead.in_use, now.bulkhead.queued) == (0, 0, 0)


def state(pipeline: Pipeline) -> str:
    return pipeline.snapshot().circuit_breaker.state


async def open_it(pipeline: Pipeline) -> None:
    for _ in range(5):
        assert await outcome(pipeline.call(fail)) is Broken
    assert state(pipeline) == "open"
