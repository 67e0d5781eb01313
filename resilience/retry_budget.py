"""Retry budget: retries are a share of the calls, so that they cannot multiply the load on a service that is failing.

A retry is charged before its backoff: while a service fails, those that wait count too. In every window the calls on
the wire are at most (1 + ratio) x originals, or `min_retries` more than the originals if that is more. After Google's
"Site Reliability Engineering", chapter 21.

`min_retries` is a number per window, so that no more than these are ever under way at once beyond the share. Envoy's
`min_retry_concurrency` bounds those under way alone: then every call that fails fast may be retried, one after the
other, and a service that fails altogether gets up to three times the calls.
"""

from dataclasses import dataclass

from resilience.options import RetryBudgetOptions
from resilience.rolling_window import RollingWindow


@dataclass(frozen=True, slots=True)
class RetryBudgetSnapshot:
    """Calls and retries in the window; `left` is the number of retries that would be allowed now."""

    originals: int
    retries: int
    left: int
    retried: int
    refused: int


class RetryBudget:
    """Counts originals and charges retries. `originals.add` is all that a call which may be retried has to do.

    While it is not `enforced` it counts and refuses nothing.
    """

    def __init__(self, options: RetryBudgetOptions, now_s: float) -> None:
        self.options = options
        self.originals = RollingWindow(options.window_s, now_s)
        self.enforced = True
        self.retried = 0
        self.refused = 0
        self._retries = RollingWindow(options.window_s, now_s)

    def charge(self, now_s: float) -> bool:
        """Whether a retry may follow; if so it is paid for."""
        if self.enforced and self._left(now_s) < 1:
            self.refused += 1
            return False
        self._retries.add(now_s)
        self.retried += 1
        return True

    def _left(self, now_s: float) -> int:
        for window in (self.originals, self._retries):
            if now_s >= window.edge_s:
                window.roll(now_s)
        allowed = max(int(self.originals.total * self.options.ratio), self.options.min_retries)
        return max(0, allowed - self._retries.total)

    def snapshot(self, now_s: float) -> RetryBudgetSnapshot:
        left = self._left(now_s)
        return RetryBudgetSnapshot(self.originals.total, self._retries.total, left, self.retried, self.refused)
