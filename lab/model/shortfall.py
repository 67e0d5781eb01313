"""Minutes a month with fewer replicas than the load needs, for fleets of any size: to first order in the failure rate.

Two parts, added up. *Ordinary* failures, alone and in pairs: the number missing is a compound Poisson variable (an
infinite-server queue with arrivals of one and two; it needs only the mean of the replacement time). *Common causes* of
a zone or of all: how often, times how long it lasts and then until enough of those struck are back, launched one after
the other. That a second cause falls into the first one's window is left out; `months.simulate` leaves out nothing.
"""

import math
from dataclasses import dataclass

from lab.model.durations import Uniform
from lab.model.setting import MONTH_S, Setting

MINUTE_S = 60.0


@dataclass(frozen=True)
class Shortfall:
    """Minutes a month by what causes them; the time until enough are back after the largest zone or all are struck."""

    ordinary_min: float
    zone_min: float
    every_min: float
    zone_back_s: float
    every_back_s: float

    @property
    def minutes(self) -> float:
        return self.ordinary_min + self.zone_min + self.every_min


def shortfall(setting: Setting, needed: int) -> Shortfall:
    """With fewer than `needed` serving; the setting's replacement time has to be uniform."""
    assert isinstance(setting.replacement, Uniform)
    spare = setting.replicas - needed
    if spare < 0:
        raise ValueError(f"{setting.replicas} replicas are fewer than the {needed} that are needed")
    missing = _missing(setting, spare)
    sizes = setting.zone_sizes()
    zones_back_s = {size: back_s(setting, size, spare, setting.zone_over_s) for size in set(sizes)}
    every_back_s = back_s(setting, setting.replicas, spare, setting.every_over_s)
    month_min = MONTH_S / MINUTE_S
    return Shortfall(
        ordinary_min=max(0.0, 1 - missing) * month_min,
        zone_min=setting.each_zone_per_s * math.fsum(zones_back_s[size] for size in sizes) * month_min,
        every_min=setting.every_per_s * every_back_s * month_min,
        zone_back_s=zones_back_s[max(sizes)],
        every_back_s=every_back_s,
    )


def back_s(setting: Setting, struck: int, spare: int, lasts_s: float = 0.0) -> float:
    """The time until so few of those struck are missing as may be: 0 where they may all be missing.

    The first is launched when `lasts_s` have passed. The k-th of n uniform times is at k / (n + 1) of the way on
    average; that share of all is back when the sum of what each launched so far contributes says so.
    """
    assert isinstance(setting.replacement, Uniform)
    if struck <= spare:
        return 0.0
    wanted = (struck - spare) * struck / (struck + 1)
    gap_s = 1 / setting.launches_per_s
    low_s, high_s = setting.replacement.low_s, setting.replacement.high_s + struck * gap_s
    for _ in range(50):
        middle_s = (low_s + high_s) / 2
        back = math.fsum(setting.replacement.share_within(middle_s - number * gap_s) for number in range(struck))
        low_s, high_s = (low_s, middle_s) if back >= wanted else (middle_s, high_s)
    return lasts_s + high_s


def _missing(setting: Setting, at_most: int) -> float:
    """The probability that no more are missing at a time, by ordinary failures.

    Of two uniform times the shorter takes a third of the span on average, and the longer a third more: so long both of
    a pair are missing, and so long the second of them.
    """
    assert isinstance(setting.replacement, Uniform)
    third_s = (setting.replacement.high_s - setting.replacement.low_s) / 3
    doubles = setting.pairs_per_s * (setting.replacement.low_s + third_s)
    singles = setting.replicas * setting.alone_per_s * setting.replacement.mean_s + setting.pairs_per_s * third_s
    total = 0.0
    for double in range(at_most // 2 + 1):
        for single in range(at_most - 2 * double + 1):
            total += _poisson(single, singles) * _poisson(double, doubles)
    return total


def _poisson(count: int, mean: float) -> float:
    if mean == 0:
        return float(count == 0)
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
