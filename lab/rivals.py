"""What `lab.bench_patterns` measures: the patterns, asyncio's own means, and other libraries as their users use them.

Every breaker opens after five consecutive failures, every bulkhead has 25 slots and every timeout is a second. The
other libraries are not dependencies of this project: a function here raises ImportError if its library is missing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib import import_module
from time import monotonic
from typing import cast

from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.options import (
    BulkheadOptions,
    CircuitBreakerOptions,
    PipelineOptions,
    RetryBudgetOptions,
    RetryOptions,
)
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.retry import Retry
from resilience.retry_budget import RetryBudget
from resilience.timeout import call_within

LONG_S = 3600
FAILURES = 5
MONOTONIC, WALL = "monotonic", "wall"

PIPELINE = "afloat: whole pipeline"
STACK = "Semaphore + circuitbreaker + asyncio.timeout"
# The libraries that have the same parts.
HYX = "hyx: bulkhead + breaker + timeout"
AIORESILIENCE = "aioresilience: bulkhead + breaker + timeout"

Call = Callable[[], Awaitable[object]]
Many = Callable[[int], Awaitable[None]]
Guard = Callable[[Call, float], Awaitable[Call]]


@dataclass(frozen=True)
class Contender:
    """`success` makes successful calls, `rejection` calls that an open breaker or a full bulkhead rejects.

    `guard` puts a breaker around a call; the second argument is how many seconds the breaker stays open. `clock` is the
    clock that the breaker reads, according to its source.
    """

    name: str
    success: Many | None = None
    rejection: Many | None = None
    guard: Guard | None = None
    clock: str = ""


async def answers() -> str:
    return "answer"


async def fails() -> str:
    raise LookupError


def calls(call: Call) -> Many:
    async def many(times: int) -> None:
        for _ in range(times):
            await call()

    return many


def rejections(call: Call) -> Many:
    async def many(times: int) -> None:
        for _ in range(times):
            # Not `suppress`, which would cost as much as the rejection itself.
            try:  # noqa: SIM105
                await call()
            except Exception:  # noqa: S110 - the rejections are what is measured
                pass

    return many


def inside(manager: AbstractAsyncContextManager[object]) -> Many:
    """Calls inside one asynchronous context manager that is used for every call."""

    async def many(times: int) -> None:
        for _ in range(times):
            async with manager:
                await answers()

    return many


async def breaker_of(name: str, guard: Guard, clock: str, success: Many | None = None) -> Contender:
    """A breaker as a contender: closed around a call that answers, open around a call that fails.

    `success` is for a breaker that is not used as a function around a function.
    """
    broken = await guard(fails, LONG_S)
    for _ in range(2 * FAILURES):
        with suppress(Exception):
            await broken()
    return Contender(name, success or calls(await guard(answers, LONG_S)), rejections(broken), guard, clock)


async def afloat() -> list[Contender]:
    pipeline, bulkhead = Pipeline("bench"), Bulkhead("bench")
    retry = Retry("bench", RetryOptions(), RetryBudget(RetryBudgetOptions(), monotonic()))

    async def retried() -> object:
        return await retry.call(answers, [Outcome.SUCCESS])

    async def guard(call: Call, open_s: float) -> Call:
        breaker = CircuitBreaker("bench", CircuitBreakerOptions(open_wait_s=open_s, max_open_wait_s=open_s))

        async def guarded() -> object:
            permit, outcome = breaker.acquire(), Outcome.IGNORED
            try:
                answer = await call()
                outcome = Outcome.SUCCESS
                return answer
            except Exception:
                outcome = Outcome.FAILURE
                raise
            finally:
                permit.settle(outcome)

        return guarded

    async def with_slot() -> object:
        await bulkhead.acquire()
        try:
            return await answers()
        finally:
            bulkhead.release()

    opened = Pipeline("open")
    opened.circuit_breaker.force_open()
    full = Pipeline("full", PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=0)))
    await full.bulkhead.acquire()
    return [
        Contender(PIPELINE, calls(partial(pipeline.call, answers, idempotent=True))),
        Contender("afloat: pipeline, circuit open", rejection=rejections(partial(opened.call, answers))),
        Contender("afloat: pipeline, bulkhead full", rejection=rejections(partial(full.call, answers))),
        await breaker_of("afloat: circuit breaker", guard, MONOTONIC),
        Contender("afloat: bulkhead", calls(with_slot)),
        Contender("afloat: retry", calls(retried)),
        Contender("afloat: timeout", calls(partial(call_within, answers, 1.0))),
    ]


async def asyncio_alone() -> list[Contender]:
    async def timeouts(times: int) -> None:
        for _ in range(times):
            async with asyncio.timeout(1.0):
                await answers()

    return [
        Contender("asyncio.Semaphore", inside(asyncio.Semaphore(25))),
        Contender("asyncio.timeout", timeouts),
        Contender("asyncio.wait_for", calls(lambda: asyncio.wait_for(answers(), 1.0))),
    ]


async def circuitbreaker() -> list[Contender]:
    library = import_module("circuitbreaker")

    async def guard(call: Call, open_s: float) -> Call:
        return cast(Call, library.CircuitBreaker(failure_threshold=FAILURES, recovery_timeout=open_s)(call))

    semaphore, well = asyncio.Semaphore(25), await guard(answers, LONG_S)

    async def stack(times: int) -> None:
        for _ in range(times):
            async with semaphore, asyncio.timeout(1.0):
                await well()

    return [await breaker_of("circuitbreaker", guard, MONOTONIC), Contender(STACK, stack)]


async def pybreaker() -> list[Contender]:
    library = import_module("pybreaker")
    well = library.CircuitBreaker(fail_max=FAILURES, reset_timeout=LONG_S)

    async def guard(call: Call, open_s: float) -> Call:
        breaker = library.CircuitBreaker(fail_max=FAILURES, reset_timeout=open_s)

        # Its asynchronous calls need Tornado; the context manager does not.
        async def guarded() -> object:
            with breaker.calling():
                return await call()

        return guarded

    async def calling(times: int) -> None:
        for _ in range(times):
            with well.calling():
                await answers()

    return [await breaker_of("pybreaker", guard, WALL, calling)]


async def purgatory() -> list[Contender]:
    library = import_module("purgatory")

    async def guard(call: Call, open_s: float) -> Call:
        factory = library.AsyncCircuitBreakerFactory(default_threshold=FAILURES, default_ttl=open_s)
        breaker = await factory.get_breaker("bench")

        async def guarded() -> object:
            async with breaker:
                return await call()

        return guarded

    well = await library.AsyncCircuitBreakerFactory(FAILURES, LONG_S).get_breaker("well")
    return [await breaker_of("purgatory", guard, WALL, inside(well))]


async def aiobreaker() -> list[Contender]:
    library = import_module("aiobreaker")

    async def guard(call: Call, open_s: float) -> Call:
        breaker = library.CircuitBreaker(fail_max=FAILURES, timeout_duration=timedelta(seconds=open_s))
        return partial(breaker.call_async, call)

    return [await breaker_of("aiobreaker", guard, WALL)]


async def hyx() -> list[Contender]:
    names = ("circuitbreaker", "bulkhead", "timeout", "retry")
    breakers, bulkheads, timeouts, retries = (import_module(f"hyx.{name}") for name in names)

    async def guard(call: Call, open_s: float) -> Call:
        breaker = breakers.consecutive_breaker(failure_threshold=FAILURES, recovery_time_secs=open_s)
        return cast(Call, breaker(call))

    slots = bulkheads.bulkhead(max_concurrency=25, max_capacity=50)
    whole = slots(await guard(timeouts.timeout(1.0)(answers), LONG_S))
    return [
        await breaker_of("hyx: circuit breaker", guard, WALL),
        Contender("hyx: bulkhead", calls(slots(answers))),
        Contender("hyx: retry", calls(retries.retry(attempts=3)(answers))),
        Contender(HYX, calls(whole)),
    ]


async def aioresilience() -> list[Contender]:
    library = import_module("aioresilience")

    async def guard(call: Call, open_s: float) -> Call:
        config = library.CircuitConfig(failure_threshold=FAILURES, recovery_timeout=open_s)
        return partial(library.CircuitBreaker("bench", config).call, call)

    bulkhead = library.Bulkhead("bench", library.BulkheadConfig(max_concurrent=25, max_waiting=25))
    guarded = await guard(library.timeout(seconds=1.0)(answers), LONG_S)
    return [
        await breaker_of("aioresilience: circuit breaker", guard, WALL),
        Contender("aioresilience: bulkhead", calls(partial(bulkhead.execute, answers))),
        Contender(AIORESILIENCE, calls(partial(bulkhead.execute, guarded))),
    ]


EVERY = (afloat, asyncio_alone, circuitbreaker, pybreaker, purgatory, aiobreaker, hyx, aioresilience)
