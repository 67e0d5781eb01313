"""Rolling window: the calls of the last seconds, counted in ten buckets.

When a bucket's time is over it becomes one of the nine older ones, and the oldest is forgotten: never all at once. The
window is thus between nine and ten tenths of its length.
"""

BUCKETS = 10


class RollingWindow:
    """Counts calls, the failed and the slow ones. Pass a monotonic time that never goes back.

    `calls` is that of the newest bucket alone, which makes it one addition to count a success: `total` is the window's.
    `failures` and `slow` are the window's.
    """

    __slots__ = ("_older", "_ring", "calls", "edge_s", "failures", "older_calls", "slow", "width_s")

    def __init__(self, length_s: float, now_s: float) -> None:
        self.width_s = length_s / BUCKETS
        self.clear(now_s)

    @property
    def total(self) -> int:
        return self.older_calls + self.calls

    def clear(self, now_s: float) -> None:
        # The older buckets, oldest first: what each takes along when it is forgotten.
        self._ring = [(0, 0, 0)] * (BUCKETS - 1)
        self._older = (0, 0)
        self.calls = self.older_calls = self.failures = self.slow = 0
        self.edge_s = now_s + self.width_s

    def add(self, now_s: float, failed: bool = False, slow: bool = False) -> None:
        if now_s >= self.edge_s:
            self.roll(now_s)
        self.calls += 1
        self.failures += failed
        self.slow += slow

    def roll(self, now_s: float) -> None:
        """Forget what is too old at `now_s`; to be called once that has reached `edge_s`."""
        steps = int((now_s - self.edge_s) / self.width_s) + 1
        if steps >= BUCKETS:
            # The buckets keep their rhythm.
            self.clear(self.edge_s + (steps - 1) * self.width_s)
            return
        for _ in range(steps):
            older_failures, older_slow = self._older
            newest = (self.calls, self.failures - older_failures, self.slow - older_slow)
            calls, failures, slow = self._ring.pop(0)
            self._ring.append(newest)
            self.older_calls += self.calls - calls
            self.failures -= failures
            self.slow -= slow
            self._older = (self.failures, self.slow)
            self.calls = 0
        self.edge_s += steps * self.width_s
