"""`python -m lab.bench_patterns`: what the patterns cost per call, beside asyncio and other libraries.

Everything is measured in one process and in turn, round after round, so that whatever else the machine does is shared
alike; a cost is what a contender adds to `await call()`. Ratios and goals go by the lowest round: whatever else a
machine does can only add to it. Trust the ratios.
"""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter_ns

from lab.manners import HERD, OPEN_S, Manners, manners_of
from lab.rivals import EVERY, LONG_S, PIPELINE, STACK, Contender, Many, answers, calls
from resilience.deadline import Deadline, current_deadline

ROUNDS = 250
# Few enough to be over before the machine turns to something else.
CALLS = 100
GOAL_OF_STACK = 1 / 5
GOAL_ADDED_NS = 2000
GOAL_REJECTION_NS = 2000


@dataclass(frozen=True)
class Cost:
    """`kind` is success or rejection; the figures are per call, on top of `await call()`."""

    kind: str
    name: str
    lowest_ns: float
    median_ns: float
    of_stack: float | None


@dataclass(frozen=True)
class Result:
    bare_ns: float
    costs: list[Cost]
    manners: list[Manners]
    missing: list[str]

    def verdicts(self) -> dict[str, bool]:
        """The goals, and whether each is met."""
        pipeline = next(cost for cost in self.costs if cost.name == PIPELINE)
        ours = [cost for cost in self.costs if cost.kind == "rejection" and cost.name.startswith("afloat")]
        verdicts = {
            f"the pipeline adds at most {GOAL_ADDED_NS} ns": pipeline.lowest_ns <= GOAL_ADDED_NS,
            f"a rejection takes less than {GOAL_REJECTION_NS} ns": all(
                cost.lowest_ns < GOAL_REJECTION_NS for cost in ours
            ),
        }
        if pipeline.of_stack is not None:
            verdicts["the pipeline costs at most 1/5 of the stack of three"] = pipeline.of_stack <= GOAL_OF_STACK
        return verdicts


async def gather_contenders() -> tuple[list[Contender], list[str]]:
    """Those that are installed, and the names of those that are not."""
    contenders: list[Contender] = []
    missing: list[str] = []
    for each in EVERY:
        try:
            contenders += await each()
        except ImportError:
            missing.append(each.__name__)
    return contenders, missing


async def per_call_ns(many: Many, times: int) -> float:
    started_ns = perf_counter_ns()
    await many(times)
    return (perf_counter_ns() - started_ns) / times


async def measure(rounds: int = ROUNDS, times: int = CALLS, open_s: float = OPEN_S) -> Result:
    """All contenders in turn, `rounds` times over; `open_s` is how long breakers that are to recover stay open."""
    contenders, missing = await gather_contenders()
    manners = [await manners_of(who.name, who.guard, who.clock, open_s) for who in contenders if who.guard is not None]
    current_deadline.set(Deadline.after(LONG_S))
    runs = {("bare", ""): calls(answers)}
    for who in contenders:
        if who.success is not None:
            runs["success", who.name] = who.success
        if who.rejection is not None:
            runs["rejection", who.name] = who.rejection
    taken_ns: dict[tuple[str, str], list[float]] = {run: [] for run in runs}
    for number in range(rounds + 1):
        for run, many in runs.items():
            one = await per_call_ns(many, times)
            # The first round warms up.
            if number:
                taken_ns[run].append(one)
    bare = taken_ns.pop(("bare", ""))
    stack = taken_ns.get(("success", STACK))
    stack_ns = min(stack) - min(bare) if stack else None
    costs = []
    for (kind, name), each in taken_ns.items():
        lowest_ns = min(each) - min(bare)
        of_stack = round(lowest_ns / stack_ns, 3) if stack_ns and kind == "success" else None
        costs.append(Cost(kind, name, round(lowest_ns), round(median(each) - median(bare)), of_stack))
    return Result(round(min(bare)), costs, manners, missing)


def table(result: Result) -> str:
    lines = [f"{'added per call, ns':<48}{'lowest':>9}{'median':>9}{'of the stack':>14}"]
    for kind in ("success", "rejection"):
        lines.append(f"-- {kind} --")
        for cost in sorted((cost for cost in result.costs if cost.kind == kind), key=lambda cost: cost.lowest_ns):
            share = "" if cost.of_stack is None else f"{cost.of_stack:.2f}"
            lines.append(f"{cost.name:<48}{cost.lowest_ns:>9.0f}{cost.median_ns:>9.0f}{share:>14}")
    lines.append("-- how the breakers behave --")
    lines.append(f"{'':<32}{'herd let':>12}{'50 % failures':>15}{'cancellations':>15}")
    lines.append(f"{'':<32}{'through':>12}{'open it':>15}{'open it':>15}{'clock':>11}")
    for each in result.manners:
        herd, rate, cancelled = f"{each.herd} of {HERD}", _yes(each.rate_opens), _yes(each.cancellations_open)
        lines.append(f"{each.name:<32}{herd:>12}{rate:>15}{cancelled:>15}{each.clock:>11}")
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
    parser.add_argument("--json", type=Path, metavar="F", help="write the figures there too")
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
