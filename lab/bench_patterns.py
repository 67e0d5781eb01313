"""`python -m lab.bench_patterns`: what the patterns cost per call, beside asyncio and other libraries.

All contenders are measured in one process and in turn, round after round, so that a busy machine slows all of them
alike. A cost is what a contender adds to `await call()`. The goals are judged by the lowest round, since other work on
the machine can only add to it. Compare the figures of one run; do not compare two machines.
"""

import argparse
import asyncio
import gc
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from lab.manners import HERD, OPEN_S, Manners, manners_of
from lab.rivals import AIORESILIENCE, EVERY, HYX, LONG_S, PIPELINE, Contender, Many, answers, calls
from resilience.deadline import Deadline, current_deadline

ROUNDS = 300
# Enough to warm the caches after another contender, few enough to be over before the machine turns to other work.
CALLS = 200
GOAL_ADDED_US = 15


@dataclass(frozen=True)
class Cost:
    """`kind` is success or rejection; the figures are per call, on top of `await call()`."""

    kind: str
    name: str
    lowest_us: float
    median_us: float


@dataclass(frozen=True)
class Result:
    bare_us: float
    costs: list[Cost]
    manners: list[Manners]
    missing: list[str]

    def verdicts(self) -> dict[str, bool]:
        """The goals, and whether each is met."""
        successes = {cost.name: cost.lowest_us for cost in self.costs if cost.kind == "success"}
        ours_us = successes[PIPELINE]
        verdicts = {f"whole pipeline adds per call: {ours_us:.1f} us, goal {GOAL_ADDED_US}": ours_us <= GOAL_ADDED_US}
        for rival in (HYX, AIORESILIENCE):
            if rival in successes:
                verdicts[f"less than {rival}: {successes[rival]:.1f} us"] = ours_us < successes[rival]
        return verdicts


async def gather_contenders() -> tuple[list[Contender], list[str]]:
    """The contenders that are installed, and the names of the libraries that are not."""
    contenders: list[Contender] = []
    missing: list[str] = []
    for library in EVERY:
        try:
            contenders += await library()
        except ImportError:
            missing.append(library.__name__)
    return contenders, missing


async def per_call_us(many: Many, times: int) -> float:
    # As `timeit` does it: a contender does not pay for the garbage of the one before.
    gc.disable()
    started_ns = perf_counter_ns()
    await many(times)
    taken_ns = perf_counter_ns() - started_ns
    gc.enable()
    return taken_ns / times / 1000


async def measure(rounds: int = ROUNDS, times: int = CALLS, open_s: float = OPEN_S) -> Result:
    """All contenders in turn, `rounds` times. `open_s` is how long a breaker stays open that is to recover."""
    contenders, missing = await gather_contenders()
    manners = [await manners_of(who.name, who.guard, who.clock, open_s) for who in contenders if who.guard is not None]
    current_deadline.set(Deadline.after(LONG_S))
    runs = {("bare", ""): calls(answers)}
    for who in contenders:
        if who.success is not None:
            runs["success", who.name] = who.success
        if who.rejection is not None:
            runs["rejection", who.name] = who.rejection
    taken_us: dict[tuple[str, str], list[float]] = {run: [] for run in runs}
    for number in range(rounds + 1):
        for run, many in runs.items():
            one_us = await per_call_us(many, times)
            # The first round warms up.
            if number:
                taken_us[run].append(one_us)
    bare_us = taken_us.pop(("bare", ""))
    costs = [
        Cost(kind, name, round(min(all_us) - min(bare_us), 3), round(median(all_us) - median(bare_us), 3))
        for (kind, name), all_us in taken_us.items()
    ]
    return Result(round(min(bare_us), 3), costs, manners, missing)


def table(result: Result) -> str:
    lines = [f"{'added per call, us':<48}{'lowest':>9}{'median':>9}"]
    for kind in ("success", "rejection"):
        lines.append(f"-- {kind} --")
        for cost in sorted((cost for cost in result.costs if cost.kind == kind), key=lambda cost: cost.lowest_us):
            lines.append(f"{cost.name:<48}{cost.lowest_us:>9.1f}{cost.median_us:>9.1f}")
    lines.append("-- how the breakers behave --")
    lines.append(f"{'':<32}{'herd let':>12}{'50 % failures':>15}{'cancellations':>15}")
    lines.append(f"{'':<32}{'through':>12}{'open it':>15}{'open it':>15}{'clock':>11}")
    for breaker in result.manners:
        herd, rate, cancelled = f"{breaker.herd} of {HERD}", _yes(breaker.rate_opens), _yes(breaker.cancellations_open)
        lines.append(f"{breaker.name:<32}{herd:>12}{rate:>15}{cancelled:>15}{breaker.clock:>11}")
    if result.missing:
        lines.append(f"not installed: {', '.join(result.missing)}")
    lines += [f"{'met   ' if met else 'MISSED'}  {goal}" for goal, met in result.verdicts().items()]
    return "\n".join(lines)


def _yes(what: bool) -> str:
    return "yes" if what else "no"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m lab.bench_patterns", description="What the patterns cost per call."
    )
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures to this file too")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    result = asyncio.run(measure(arguments.rounds))
    print(table(result))
    if arguments.json:
        document = {"python": sys.version.split()[0], **asdict(result), "verdicts": result.verdicts()}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n")
    return 0 if all(result.verdicts().values()) else 1


if __name__ == "__main__":
    sys.exit(main())
