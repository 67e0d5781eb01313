"""Minutes a month with fewer replicas than the load needs, by formula, for fleets of any size.

The formula adds two parts. *Ordinary* failures, alone and in pairs: the number of missing replicas is a compound
Poisson variable (an infinite-server queue with arrivals of one and two). *Common causes* of a zone or of all: their
rate, times the time until enough replicas are back. It is first-order: it leaves out a second cause during the first
one, which `months.simulate` includes.
"""

import math
from dataclasses import dataclass
from itertools import accumulate

from lab.model.setting import MINUTE_S, MONTH_S, Setting, Uniform


@dataclass(frozen=True)
class Shortfall:
    """Minutes a month, by cause."""

    ordinary_min: float
    zone_min: float
    every_min: float

    @property
    def minutes(self) -> float:
        return self.ordinary_min + self.zone_min + self.every_min


def shortfall(setting: Setting, needed: int) -> Shortfall:
    """With fewer than `needed` replicas serving. The replacement time must be uniform."""
    spare = setting.replicas - needed
    if spare < 0:
        raise ValueError(f"{setting.replicas} replicas are fewer than the {needed} that are needed")
    zones_back_s = [back_s(setting, size, spare, setting.zone_outage_s) for size in setting.zone_sizes()]
    every_back_s = back_s(setting, setting.replicas, spare, setting.every_outage_s)
    month_min = MONTH_S / MINUTE_S
    return Shortfall(
        ordinary_min=max(0.0, 1 - _at_most_missing(setting, spare)) * month_min,
        zone_min=setting.each_zone_per_s * math.fsum(zones_back_s) * month_min,
        every_min=setting.every_per_s * every_back_s * month_min,
    )


def back_s(setting: Setting, struck: int, spare: int, lasts_s: float = 0.0) -> float:
    """The time until at most `spare` of the struck replicas are missing; 0 if all of them may be missing.

    Replacements start when `lasts_s` have passed. The k-th of n uniform times is at k / (n + 1) of their range on
    average. Bisection finds the time at which that share of all replicas is back.
    """
    assert isinstance(setting.replacement, Uniform)
    if struck <= spare:
        return 0.0
    wanted = (struck - spare) * struck / (struck + 1)
    gap_s = 1 / setting.launches_per_s
    low_s, high_s = setting.replacement.low_s, setting.replacement.high_s + struck * gap_s
    while high_s - low_s > 0.001:
        middle_s = (low_s + high_s) / 2
        back = math.fsum(setting.replacement.share_within(middle_s - number * gap_s) for number in range(struck))
        low_s, high_s = (low_s, middle_s) if back >= wanted else (middle_s, high_s)
    return lasts_s + high_s


def _at_most_missing(setting: Setting, spare: int) -> float:
    """The probability that ordinary failures leave at most `spare` replicas missing.

    Of two uniform times the shorter takes a third of the range on average, and the longer two thirds. A pair is missing
    together until the first is back; after that the second is missing alone.
    """
    assert isinstance(setting.replacement, Uniform)
    third_s = (setting.replacement.high_s - setting.replacement.low_s) / 3
    pairs = setting.pairs_per_s * (setting.replacement.low_s + third_s)
    singles = setting.replicas * setting.alone_per_s * setting.replacement.mean_s + setting.pairs_per_s * third_s
    singles_at_most = list(accumulate(_poisson(count, singles) for count in range(spare + 1)))
    return math.fsum(_poisson(pair, pairs) * singles_at_most[spare - 2 * pair] for pair in range(spare // 2 + 1))


def _poisson(count: int, mean: float) -> float:
    if mean == 0:
        return float(count == 0)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
