"""`python -m lab.bench_patterns`: what the patterns cost per call, beside asyncio and other libraries.

Everything is measured in one process and in turn, round after round, so that whatever else the machine does is shared
alike; a cost is what a contender adds to `await call()`, the median of the rounds. Trust the ratios. The other
libraries are none of this project's dependencies: those that are not installed are left out.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from time import perf_counter_ns
from typing import Any, cast

from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.deadline import Deadline, attempt, current_deadline
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.pipeline import Pipeline

ROUNDS = 25
CALLS = 1000
GOAL_OF_STACK = 1 / 5
GOAL_ADDED_NS = 2000
GOAL_REJECTION_NS = 2000
LONG_S = 3600

PIPELINE = "afloat: whole pipeline"
STACK = "Semaphore + circuitbreaker + asyncio.timeout"

Call = Callable[[], Awaitable[object]]
Many = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Cost:
    """`kind` is success or rejection; `added_ns` is per call, on top of `await call()`."""

    kind: str
    name: str
    added_ns: float
    lowest_ns: float
    of_stack: float | None


@dataclass(frozen=True)
class Result:
    bare_ns: float
    costs: list[Cost]
    missing: list[str]

    def added_ns(self, kind: str, name: str) -> float:
        return next(cost.added_ns for cost in self.costs if (cost.kind, cost.name) == (kind, name))

    def verdicts(self) -> dict[str, bool]:
        """The goals, and whether each is met."""
        pipeline = self.added_ns("success", PIPELINE)
        stack = self.added_ns("success", STACK) if STACK not in self.missing else None
        verdicts = {
            f"the pipeline adds at most {GOAL_ADDED_NS} ns": pipeline <= GOAL_ADDED_NS,
            f"a rejection takes less than {GOAL_REJECTION_NS} ns": all(
                cost.added_ns < GOAL_REJECTION_NS
                for cost in self.costs
                if cost.kind == "rejection" and cost.name.startswith("afloat")
            ),
        }
        if stack is not None:
            verdicts["the pipeline costs at most 1/5 of the stack of three"] = pipeline <= stack * GOAL_OF_STACK
        return verdicts


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
            # try, not suppress, which would cost as much as the rejection itself
            try:  # noqa: SIM105
                await call()
            except Exception:  # noqa: S110 - the rejections are what is measured
                pass

    return many


def inside(manager: Callable[[], Any], call: Call = answers) -> Many:
    """Calls inside an asynchronous context manager, made anew for each."""

    async def many(times: int) -> None:
        for _ in range(times):
            async with manager():
                await call()

    return many


async def opened(call: Call) -> Call:
    """The same guarded call, after so many failures that its breaker is open."""
    for _ in range(10):
        with suppress(Exception):
            await call()
    return call


# ---- The contenders: what a successful call goes through, and what an open breaker or a full bulkhead answers with ---


@dataclass(frozen=True)
class Contender:
    name: str
    success: Many | None = None
    rejection: Many | None = None


async def afloat() -> list[Contender]:
    pipeline, breaker, bulkhead = Pipeline("bench"), CircuitBreaker("bench"), Bulkhead("bench")
    deadline = Deadline.after(LONG_S)

    async def whole(times: int) -> None:
        for _ in range(times):
            await pipeline.call(answers, True)

    async def slots(times: int) -> None:
        for _ in range(times):
            await bulkhead.acquire()
            try:
                await answers()
            finally:
                bulkhead.release()

    rejecting, full = Pipeline("open"), Pipeline("full", PipelineOptions(bulkhead=BulkheadOptions(max_queued=0)))
    rejecting.circuit_breaker.force_open()
    full.bulkhead.free = 0
    broken = CircuitBreaker("open")
    broken.force_open()
    return [
        Contender(PIPELINE, whole),
        Contender(
            "afloat: circuit breaker", calls(lambda: breaker.call(answers)), rejections(lambda: broken.call(answers))
        ),
        Contender("afloat: bulkhead", slots),
        Contender("afloat: attempt timeout", calls(lambda: attempt(answers, 1.0, deadline))),
        Contender("afloat: pipeline, circuit open", None, rejections(lambda: rejecting.call(answers))),
        Contender("afloat: pipeline, bulkhead full", None, rejections(lambda: full.call(answers))),
    ]


async def asyncio_alone() -> list[Contender]:
    semaphore = asyncio.Semaphore(25)
    return [
        Contender("asyncio.Semaphore", inside(lambda: semaphore)),
        Contender("asyncio.timeout", inside(lambda: asyncio.timeout(1.0))),
        Contender("asyncio.wait_for", calls(lambda: asyncio.wait_for(answers(), 1.0))),
    ]


async def circuitbreaker() -> list[Contender]:
    library = import_module("circuitbreaker")

    def guarded(call: Call) -> Call:
        breaker = library.CircuitBreaker(failure_threshold=5, recovery_timeout=LONG_S)
        return cast(Call, breaker(call))

    semaphore, well = asyncio.Semaphore(25), guarded(answers)

    async def stack(times: int) -> None:
        for _ in range(times):
            async with semaphore, asyncio.timeout(1.0):
                await well()

    return [
        Contender("circuitbreaker", calls(well), rejections(await opened(guarded(fails)))),
        Contender(STACK, stack),
    ]


async def pybreaker() -> list[Contender]:
    library = import_module("pybreaker")
    breaker = library.CircuitBreaker(fail_max=5, reset_timeout=LONG_S)
    broken = library.CircuitBreaker(fail_max=5, reset_timeout=LONG_S)

    # Its asynchronous calls need Tornado; as a context manager it does without.
    async def many(times: int) -> None:
        for _ in range(times):
            with breaker.calling():
                await answers()

    async def guarded() -> None:
        with broken.calling():
            await fails()

    return [Contender("pybreaker", many, rejections(await opened(guarded)))]


async def purgatory() -> list[Contender]:
    factory = import_module("purgatory").AsyncCircuitBreakerFactory(default_threshold=5, default_ttl=LONG_S)
    breaker, broken = await factory.get_breaker("well"), await factory.get_breaker("broken")

    async def guarded() -> None:
        async with broken:
            await fails()

    return [Contender("purgatory", inside(lambda: breaker), rejections(await opened(guarded)))]


async def aiobreaker() -> list[Contender]:
    library = import_module("aiobreaker")

    def guarded(call: Call) -> Call:
        breaker = library.CircuitBreaker(fail_max=5, timeout_duration=timedelta(seconds=LONG_S))
        return lambda: breaker.call_async(call)

    return [Contender("aiobreaker", calls(guarded(answers)), rejections(await opened(guarded(fails))))]


async def hyx() -> list[Contender]:
    breakers, bulkheads, timeouts = (import_module(f"hyx.{name}") for name in ("circuitbreaker", "bulkhead", "timeout"))

    def guarded(call: Call) -> Call:
        breaker = breakers.consecutive_breaker(failure_threshold=5, recovery_time_secs=LONG_S)
        return cast(Call, breaker(call))

    bulkhead = bulkheads.bulkhead(max_concurrency=25, max_capacity=50)
    timeout = timeouts.timeout(1.0)
    return [
        Contender("hyx: circuit breaker", calls(guarded(answers)), rejections(await opened(guarded(fails)))),
        Contender("hyx: bulkhead + breaker + timeout", calls(bulkhead(guarded(timeout(answers))))),
    ]


async def aioresilience() -> list[Contender]:
    library = import_module("aioresilience")

    def guarded(call: Call) -> Call:
        config = library.CircuitConfig(failure_threshold=5, recovery_timeout=LONG_S)
        breaker = library.CircuitBreaker(str(id(call)), config)
        return lambda: breaker.call(call)

    bulkhead = library.Bulkhead("bench", library.BulkheadConfig(max_concurrent=25, max_waiting=25))
    timed = library.timeout(seconds=1.0)(answers)
    breaker = library.CircuitBreaker("well")

    async def well() -> object:
        return await breaker.call(timed)

    return [
        Contender("aioresilience: circuit breaker", calls(guarded(answers)), rejections(await opened(guarded(fails)))),
        Contender("aioresilience: bulkhead + breaker + timeout", calls(lambda: bulkhead.execute(well))),
    ]


EVERY = (afloat, asyncio_alone, circuitbreaker, pybreaker, purgatory, aiobreaker, hyx, aioresilience)


# ---- Measuring ------------------------------------------------------------------------------------------------------


async def per_call_ns(many: Many, times: int) -> float:
    started_ns = perf_counter_ns()
    await many(times)
    return (perf_counter_ns() - started_ns) / times


async def measure(rounds: int = ROUNDS, times: int = CALLS) -> Result:
    """All contenders in turn, `rounds` times over."""
    current_deadline.set(Deadline.after(LONG_S))
    contenders: list[Contender] = []
    missing: list[str] = []
    for each in EVERY:
        try:
            contenders += await each()
        except ImportError:
            missing += [each.__name__, *([STACK] if each is circuitbreaker else [])]
    runs = [
        (kind, who.name, many)
        for who in contenders
        for kind in ("success", "rejection")
        if (many := getattr(who, kind))
    ]
    bare = calls(answers)
    bare_ns: list[float] = []
    added_ns: list[list[float]] = [[] for _ in runs]
    for number in range(rounds + 1):
        reference_ns = await per_call_ns(bare, times)
        measured = [await per_call_ns(many, times) - reference_ns for _, _, many in runs]
        # The first round warms up.
        if number:
            bare_ns.append(reference_ns)
            for gathered, one in zip(added_ns, measured, strict=True):
                gathered.append(one)
    medians = {(kind, name): statistics.median(each) for (kind, name, _), each in zip(runs, added_ns, strict=True)}
    stack_ns = medians.get(("success", STACK))
    costs = [
        Cost(
            kind,
            name,
            round(medians[kind, name]),
            round(min(each)),
            round(medians[kind, name] / stack_ns, 3) if stack_ns and kind == "success" else None,
        )
        for (kind, name, _), each in zip(runs, added_ns, strict=True)
    ]
    return Result(round(statistics.median(bare_ns)), costs, missing)


def table(result: Result) -> str:
    lines = [f"{'added per call, ns':<48}{'median':>9}{'lowest':>9}{'of the stack':>14}"]
    for kind in ("success", "rejection"):
        lines.append(f"-- {kind} --")
        for cost in sorted((cost for cost in result.costs if cost.kind == kind), key=lambda cost: cost.added_ns):
            share = "" if cost.of_stack is None else f"{cost.of_stack:.2f}"
            lines.append(f"{cost.name:<48}{cost.added_ns:>9.0f}{cost.lowest_ns:>9.0f}{share:>14}")
    if result.missing:
        lines.append(f"not installed: {', '.join(result.missing)}")
    lines += [f"{'met   ' if met else 'MISSED'}  {goal}" for goal, met in result.verdicts().items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m lab.bench_patterns", description="What the patterns cost per call."
    )
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    result = asyncio.run(measure(arguments.rounds))
    print(table(result))
    if arguments.json:
        text = json.dumps({**asdict(result), "python": sys.version.split()[0], "verdicts": result.verdicts()}, indent=2)
        arguments.json.write_text(text + "\n")
    return 0 if all(result.verdicts().values()) else 1


if __name__ == "__main__":
    sys.exit(main())
