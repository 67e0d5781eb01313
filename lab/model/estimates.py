"""A figure with its 95 % interval, by the method of batch means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

BATCHES = 40
_STUDENT_95 = 2.0227
"""Student's t at 97.5 % with 39 degrees of freedom."""


@dataclass(frozen=True)
class Estimate:
    """The interval is from `low` to `high`."""

    mean: float
    low: float
    high: float


def of_batches(values: Sequence[float]) -> Estimate:
    """The mean of 40 batches, each long enough to be independent of the others."""
    if len(values) != BATCHES:
        raise ValueError(f"{len(values)} values: Student's factor is for {BATCHES}")
    mean, half = fmean(values), _STUDENT_95 * stdev(values) / math.sqrt(BATCHES)
    return Estimate(mean, mean - half, mean + half)


def of_difference(more: Sequence[float], less: Sequence[float]) -> Estimate:
    """The mean of the differences, batch by batch: what both have in common does not widen the interval."""
    return of_batches([one - other for one, other in zip(more, less, strict=True)])
