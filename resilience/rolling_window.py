"""Rolling window: the calls of the last seconds, counted in ten buckets.

When the time of a bucket is over, a new bucket begins and the oldest one is dropped. So the window always covers the
last 90 % to 100 % of its length.
"""

from collections import deque
from dataclasses import dataclass

BUCKETS = 10


@dataclass(slots=True)
class _Bucket:
    calls: int = 0
    failures: int = 0
    slow: int = 0


class RollingWindow:
    """Counts calls, and among them the failed and the slow ones. Time is monotonic: it never goes back."""

    def __init__(self, length_s: float, now_s: float) -> None:
        self._width_s = length_s / BUCKETS
        self.clear(now_s)

    def clear(self, now_s: float) -> None:
        self.calls = self.failures = self.slow = 0
        self._buckets = deque([_Bucket()], maxlen=BUCKETS)
        # The end of the newest bucket.
        self._end_s = now_s + self._width_s

    def add(self, now_s: float, failed: bool = False, slow: bool = False) -> None:
        if now_s >= self._end_s:
            self.forget_old(now_s)
        newest = self._buckets[-1]
        newest.calls += 1
        self.calls += 1
        if failed:
            newest.failures += 1
            self.failures += 1
        if slow:
            newest.slow += 1
            self.slow += 1

    def forget_old(self, now_s: float) -> None:
        """Drop the buckets whose time is over."""
        if now_s < self._end_s:
            return
        new = int((now_s - self._end_s) / self._width_s) + 1
        self._end_s += new * self._width_s
        self._buckets.extend(_Bucket() for _ in range(min(new, BUCKETS)))
        self.calls = sum(bucket.calls for bucket in self._buckets)
        self.failures = sum(bucket.failures for bucket in self._buckets)
        self.slow = sum(bucket.slow for bucket in self._buckets)
