"""What a load shows: how many were answered, why the others were not, and how long it took.

Latency counts from the moment at which a request was due, so that a generator which falls behind cannot hide it.
Percentiles are nearest-rank: the smallest latency that at least p % of the answered requests did not exceed. Failed
requests have none; they are counted, with the reason.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from lab.record import Record


@dataclass(frozen=True)
class Second:
    """One second of a load: the requests that were due in it."""

    at_s: int
    sent: int
    answered: int
    failed: int
    slowest_ms: float
    replicas: Sequence[str]


class Result:
    """Requests that have ended. `sent` is `answered + failed`, always."""

    def __init__(self, records: Iterable[Record], started_s: float = 0.0) -> None:
        self._records = tuple(records)
        self._started_s = started_s

    def between(self, from_s: float, to_s: float) -> "Result":
        """The requests that were due from `from_s` until before `to_s`, on the monotonic clock."""
        return Result((each for each in self._records if from_s <= each.due_s < to_s), self._started_s)

    @property
    def sent(self) -> int:
        return len(self._records)

    @property
    def answered(self) -> int:
        return len(self._latencies_s)

    @property
    def failed(self) -> int:
        return self.sent - self.answered

    @cached_property
    def failures(self) -> Counter[str]:
        """How many requests failed for which reason."""
        return Counter(each.failure for each in self._records if each.failure)

    @cached_property
    def by_replica(self) -> Counter[str]:
        """How many requests each replica answered, by X-Served-By."""
        return Counter(each.replica for each in self._records if not each.failure and each.replica)

    def slower_than(self, ms: float) -> int:
        """How many answers took longer."""
        return sum(1 for latency_s in self._latencies_s if latency_s * 1000 > ms)

    @property
    def p50_ms(self) -> float:
        return self.percentile_ms(50)

    @property
    def p99_ms(self) -> float:
        return self.percentile_ms(99)

    @property
    def max_ms(self) -> float:
        return self.percentile_ms(100)

    def percentile_ms(self, percent: float) -> float:
        return nearest_rank(self._latencies_s, percent) * 1000

    @property
    def lag_p99_ms(self) -> float:
        """How late the generator itself sent: a figure near the latencies means that they are its own."""
        return nearest_rank(self._lags_s, 99) * 1000

    @property
    def lag_max_ms(self) -> float:
        return nearest_rank(self._lags_s, 100) * 1000

    @cached_property
    def per_second(self) -> list[Second]:
        """A row for each second since the start in which a request was due."""
        rows: dict[int, list[Record]] = {}
        for each in self._records:
            # The difference of two floats may fall just short of a whole second.
            rows.setdefault(int(each.due_s - self._started_s + 1e-6), []).append(each)
        return [_second(at_s, rows[at_s]) for at_s in sorted(rows)]

    @cached_property
    def _latencies_s(self) -> list[float]:
        return sorted(each.latency_s for each in self._records if not each.failure)

    @cached_property
    def _lags_s(self) -> list[float]:
        return sorted(each.lag_s for each in self._records)


def nearest_rank(ascending: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` % of the values do not exceed; 0 where there are none."""
    if not ascending:
        return 0.0
    return ascending[max(0, math.ceil(round(len(ascending) * percent / 100, 6)) - 1)]


def _second(at_s: int, records: Sequence[Record]) -> Second:
    answered = [each for each in records if not each.failure]
    return Second(
        at_s=at_s,
        sent=len(records),
        answered=len(answered),
        failed=len(records) - len(answered),
        slowest_ms=max((each.latency_s for each in answered), default=0.0) * 1000,
        replicas=sorted({each.replica for each in answered if each.replica}),
    )
