"""Retry budget: retries are limited to a share of the calls, so they cannot multiply the load on a failing service.

In every window, the number of retries is at most `ratio` x the number of calls, or `min_retries` if that is more. A
retry is charged before its backoff, so that waiting retries count too. After Google's "Site
Reliability Engineering", chapter 21.

`min_retries` is a number per window. Envoy's `min_retry_concurrency` limits only the retries under way. With that rule,
every call that fails fast can be retried one after the other, and a failing service gets up to three times the load.
"""

from dataclasses import dataclass

from resilience.options import RetryBudgetOptions
from resilience.rolling_window import RollingWindow


@dataclass(frozen=True, slots=True)
class RetryBudgetSnapshot:
    """Calls and retries in the window; `left` is the number of retries that the budget would allow now."""

    originals: int
    retries: int
    left: int
    retried: int
    refused: int


class RetryBudget:
    """Counts calls and their retries, and refuses retries. While `enforced` is False, it only counts."""

    def __init__(self, options: RetryBudgetOptions, now_s: float) -> None:
        self.enforced = True
        self._options = options
        self._originals = RollingWindow(options.window_s, now_s)
        self._retries = RollingWindow(options.window_s, now_s)
        self._retried = 0
        self._refused = 0

    def count_original(self, now_s: float) -> None:
        """Count the first attempt of a call."""
        self._originals.add(now_s)

    def charge(self, now_s: float) -> bool:
        """Charge one retry. If the budget is spent, charge nothing and return False."""
        if self.enforced and self._left(now_s) < 1:
            self._refused += 1
            return False
        self._retries.add(now_s)
        self._retried += 1
        return True

    def _left(self, now_s: float) -> int:
        self._originals.forget_old(now_s)
        self._retries.forget_old(now_s)
        allowed = max(int(self._originals.calls * self._options.ratio), self._options.min_retries)
        return max(0, allowed - self._retries.calls)

    def snapshot(self, now_s: float) -> RetryBudgetSnapshot:
        left = self._left(now_s)
        return RetryBudgetSnapshot(self._originals.calls, self._retries.calls, left, self._retried, self._refused)
