"""The rate, the share of failures and the p99 of the last seconds, from counters."""

from collections import deque
from dataclasses import dataclass

from services.dashboard.exposition import Counts

WINDOW_S = 5.0


@dataclass(frozen=True, slots=True)
class Lately:
    """The last WINDOW_S seconds; None if there was no request."""

    rate: float
    failed_share: float | None
    p99_ms: float | None


NOTHING = Lately(0.0, None, None)


class Rates:
    """The counters of one replica over time."""

    def __init__(self) -> None:
        self._counts: deque[tuple[float, Counts]] = deque()

    def add(self, at: float, counts: Counts) -> Lately:
        """What happened between the oldest counts in the window and these."""
        if self._counts and counts.requests < self._counts[-1][1].requests:
            # Counters fall only when the process is restarted.
            self._counts.clear()
        self._counts.append((at, counts))
        while len(self._counts) > 2 and self._counts[0][0] < at - WINDOW_S:
            self._counts.popleft()
        began_at, before = self._counts[0]
        requests = counts.requests - before.requests
        if at <= began_at or requests <= 0:
            return NOTHING
        failed = max(0.0, counts.failed - before.failed)
        return Lately(requests / (at - began_at), failed / requests, _p99_ms(before, counts))


def _p99_ms(before: Counts, after: Counts) -> float | None:
    """As histogram_quantile of Prometheus: the values of a bucket are taken as evenly distributed."""
    earlier = dict(before.buckets)
    risen = [(limit, value - earlier.get(limit, 0.0)) for limit, value in after.buckets]
    if not risen or risen[-1][1] <= 0:
        return None
    wanted = 0.99 * risen[-1][1]
    lower_s = below = 0.0
    for limit_s, count in risen:
        if count >= wanted:
            if limit_s == float("inf"):
                return lower_s * 1000
            return 1000 * (lower_s + (limit_s - lower_s) * (wanted - below) / (count - below))
        lower_s, below = limit_s, count
    return lower_s * 1000
