"""The states of a circuit breaker, one class each: which calls a state admits, and what it makes of their results.

A state never changes the breaker. It answers with a Verdict, and `CircuitBreaker` acts on that.
"""

from enum import Enum
from typing import ClassVar

from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome
from resilience.rolling_window import RollingWindow


class Verdict(Enum):
    """What the results so far mean for the circuit; the value is the cause in events."""

    FAILURE_RATE = "failure_rate"
    CONSECUTIVE_FAILURES = "consecutive_failures"
    SLOW_CALL_RATE = "slow_call_rate"
    PROBE_FAILED = "probe_failed"
    PROBE_OVERDUE = "probe_overdue"
    PROBES_SLOW = "probes_slow"
    PROBES_SUCCEEDED = "probes_succeeded"


class State:
    """What most states have in common: they let every call through and count nothing."""

    name: ClassVar[str]

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until a call may be let through; None if that takes a person."""
        return 0.0

    def admits(self, now_s: float) -> bool:
        """Whether a call that comes now would get a permit. It takes none."""
        return True

    def take(self, now_s: float) -> None:
        """Count a permit. Call it after `admits`, with no await in between."""

    def overdue(self, now_s: float) -> bool:
        """Whether a permit that was taken in this state should have been settled by now."""
        return False

    def record(self, outcome: Outcome, started_s: float, now_s: float) -> Verdict | None:
        """Count the result of a permit that was taken in this state, at `started_s`."""
        return None


class Closed(State):
    """Every call is let through and counted.

    A failure that may be about the request counts towards the failure rate. It neither adds to the run of consecutive
    failures nor ends it: a few bad requests in a row say nothing about the service.
    """

    name = "closed"

    def __init__(self, options: CircuitBreakerOptions, now_s: float) -> None:
        self._options = options
        self.window = RollingWindow(options.window_s, now_s)
        self.consecutive_failures = 0

    def record(self, outcome: Outcome, started_s: float, now_s: float) -> Verdict | None:
        failed = outcome is not Outcome.SUCCESS
        if not failed:
            self.consecutive_failures = 0
        elif outcome is Outcome.IGNORED:
            return None
        elif outcome is Outcome.FAILURE:
            self.consecutive_failures += 1
        self.window.add(now_s, failed, now_s - started_s >= self._options.slow_call_s)
        return self._verdict() if self.window.failures or self.window.slow else None

    def _verdict(self) -> Verdict | None:
        options, window = self._options, self.window
        if self.consecutive_failures >= options.consecutive_failures:
            return Verdict.CONSECUTIVE_FAILURES
        if window.calls < options.minimum_calls:
            return None
        if window.failures >= window.calls * options.failure_rate:
            return Verdict.FAILURE_RATE
        if window.slow >= window.calls * options.slow_call_rate:
            return Verdict.SLOW_CALL_RATE
        return None


class MetricsOnly(Closed):
    """Every call is let through and counted, and the circuit never opens."""

    name = "metrics_only"

    def _verdict(self) -> Verdict | None:
        return None


class Open(State):
    """No call is let through before the wait is over."""

    name = "open"

    def __init__(self, until_s: float) -> None:
        self._until_s = until_s

    def wait_s(self, now_s: float) -> float | None:
        return max(0.0, self._until_s - now_s)

    def admits(self, now_s: float) -> bool:
        return now_s >= self._until_s


class HalfOpen(State):
    """A few calls are let through as probes: at most `permitted_calls` are under way or done.

    One failure opens the circuit again. Failures that may be about the request open it if they reach `failure_rate`.
    An ignored outcome proves nothing and gives its permit back, so that the next call can be the probe. A probe that
    hangs cannot keep the circuit half-open: it is overdue after `probe_timeout_s`.
    """

    name = "half_open"

    def __init__(self, options: CircuitBreakerOptions) -> None:
        self._options = options
        # When the probes began that are under way.
        self._started_s: list[float] = []
        self._done = self._failed = self._slow = 0

    @property
    def taken(self) -> int:
        """Probes under way or done."""
        return len(self._started_s) + self._done

    def admits(self, now_s: float) -> bool:
        return self.taken < self._options.permitted_calls

    def take(self, now_s: float) -> None:
        self._started_s.append(now_s)

    def overdue(self, now_s: float) -> bool:
        return any(now_s - started_s >= self._options.probe_timeout_s for started_s in self._started_s)

    def record(self, outcome: Outcome, started_s: float, now_s: float) -> Verdict | None:
        self._started_s.remove(started_s)
        if outcome is Outcome.IGNORED:
            return None
        if outcome is Outcome.FAILURE:
            return Verdict.PROBE_FAILED
        self._done += 1
        self._failed += outcome is Outcome.REQUEST_FAILURE
        self._slow += now_s - started_s >= self._options.slow_call_s
        if self._done < self._options.permitted_calls:
            return None
        if self._failed >= self._done * self._options.failure_rate:
            return Verdict.PROBE_FAILED
        if self._slow >= self._done * self._options.slow_call_rate:
            return Verdict.PROBES_SLOW
        return Verdict.PROBES_SUCCEEDED


class ForcedOpen(State):
    """No call is let through until a person says so."""

    name = "forced_open"

    def wait_s(self, now_s: float) -> float | None:
        return None

    def admits(self, now_s: float) -> bool:
        return False


class Disabled(State):
    """Every call is let through, and none is counted."""

    name = "disabled"
