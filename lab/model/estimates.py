"""A figure with its 95 % interval, honest about what was hardly ever seen."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, stdev

BATCHES = 40
RUNS = 10
_STUDENT_95 = {BATCHES: 2.0227, RUNS: 2.2622}
"""Student's t at 97.5 % for so many values, with one degree of freedom fewer."""
FEW = 100
"""With fewer events the batch means are far from normal; the count of events has its own interval then."""


@dataclass(frozen=True)
class Estimate:
    """`f"{estimate:.2f}"` shows all three."""

    mean: float
    low: float
    high: float

    def __format__(self, spec: str) -> str:
        return f"{self.mean:{spec}} ({self.low:{spec}}-{self.high:{spec}})"

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high


def of_batches(values: Sequence[float]) -> Estimate:
    """The mean of values that are independent of each other: of runs, or of batches that are long (batch means)."""
    student = _STUDENT_95.get(len(values))
    if student is None:
        known = " and ".join(map(str, _STUDENT_95))
        raise ValueError(f"{len(values)} values: Student's factor is there for {known}")
    mean, half = fmean(values), student * stdev(values) / math.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def of_amounts(values: Sequence[float]) -> Estimate:
    """The same of what is never negative."""
    found = of_batches(values)
    return replace(found, low=max(0.0, found.low))


def of_difference(more: Sequence[float], less: Sequence[float]) -> Estimate:
    """How much less, batch by batch: what both have in common, such as blows at the same times, widens nothing."""
    return of_batches([one - other for one, other in zip(more, less, strict=True)])


def of_few(lengths: Sequence[float], longest: float, periods: float) -> Estimate:
    """The sum a period of so few events of these lengths: Poisson's interval of their number, times the mean length.

    Lengths that differ make the sum less certain: `1 + cv^2` times fewer events of one length would be as certain
    (a compound Poisson sum). Few lengths say little of their mean: the upper bound takes one more for as long as the
    longest possible, and without any event all of them (the rule of three).
    """
    if not lengths:
        return Estimate(0.0, 0.0, poisson_interval(0)[1] * longest / periods)
    total = math.fsum(lengths)
    alike = max(1, math.floor(total**2 / math.fsum(length**2 for length in lengths) + 1e-9))
    low, high = poisson_interval(alike)
    at_most = (total + longest) / (len(lengths) + 1) * len(lengths)
    return Estimate(total / periods, total * low / alike / periods, at_most * high / alike / periods)


def poisson_interval(events: int) -> tuple[float, float]:
    """Garwood's exact 95 % interval of a Poisson mean; with no event, one-sided: 0 to 3.0."""
    if events == 0:
        return 0.0, -math.log(0.05)
    low = _solve(lambda mean: 1 - _at_most(events - 1, mean) - 0.025, 0, events)
    return low, _solve(lambda mean: 0.025 - _at_most(events, mean), events, 4 * events + 10)


def _at_most(events: int, mean: float) -> float:
    return math.exp(-mean) * math.fsum(mean**count / math.factorial(count) for count in range(events + 1))


def _solve(rising: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2
