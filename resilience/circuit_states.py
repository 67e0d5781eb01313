"""The states of a circuit breaker, one class each: which calls a state admits, and which verdict their results give.

A state never changes the breaker. It returns a Verdict, and `CircuitBreaker` then changes its state.
"""

from enum import Enum
from typing import ClassVar

from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome
from resilience.rolling_window import RollingWindow


class Verdict(Enum):
    """The reason to change the state. The value is the `cause` in events."""

    FAILURE_RATE = "failure_rate"
    CONSECUTIVE_FAILURES = "consecutive_failures"
    SLOW_CALL_RATE = "slow_call_rate"
    PROBE_FAILED = "probe_failed"
    PROBE_OVERDUE = "probe_overdue"
    PROBES_SLOW = "probes_slow"
    PROBES_SUCCEEDED = "probes_succeeded"


class State:
    """The default behaviour of a state: every call is let through, and nothing is counted."""

    name: ClassVar[str]

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until a call may be let through; None if only an operator can end the wait."""
        return 0.0

    def admits(self, now_s: float) -> bool:
        """Whether a call would get a permit now. This takes no permit."""
        return True

    def take(self, now_s: float) -> None:
        """Count a permit. Call it after `admits`, with no await in between."""

    def overdue(self, now_s: float) -> bool:
        """Whether a permit that was taken in this state is not settled and its time is over."""
        return False

    def record(self, outcome: Outcome, started_s: float, now_s: float) -> Verdict | None:
        """Count the result of a permit that was taken in this state, at `started_s`."""
        return None


class Closed(State):
    """Every call is let through and counted.

    A failure that the request itself may cause (REQUEST_FAILURE) counts towards the failure rate. It does not change
    the number of consecutive failures: a few bad requests in a row say nothing about the service.
    """

    name = "closed"

    def __init__(self, options: CircuitBreakerOptions, now_s: float) -> None:
        self._options = options
        self.window = RollingWindow(options.window_s, now_s)
        self.consecutive_failures = 0

    def record(self, outcome: Outcome, started_s: float, now_s: float) -> Verdict | None:
        if outcome is Outcome.IGNORED:
            return None
        if outcome is Outcome.SUCCESS:
            self.consecutive_failures = 0
        elif outcome is Outcome.FAILURE:
            self.consecutive_failures += 1
        slow = now_s - started_s >= self._options.slow_call_s
        self.window.add(now_s, failed=outcome is not Outcome.SUCCESS, slow=slow)
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
    """Every call is rejected until the wait is over."""

    name = "open"

    def __init__(self, until_s: float) -> None:
        self._until_s = until_s

    def wait_s(self, now_s: float) -> float | None:
        return max(0.0, self._until_s - now_s)

    def admits(self, now_s: float) -> bool:
        return now_s >= self._until_s


class HalfOpen(State):
    """A few calls are let through as probes: at most `permitted_calls` are under way or done.

    One failure opens the circuit again. Failures that the request itself may cause open it if they reach
    `failure_rate`. An ignored outcome gives its permit back, so that the next call can be the probe. A probe that hangs
    is overdue after `probe_timeout_s`, so it cannot keep the circuit half-open.
    """

    name = "half_open"

    def __init__(self, options: CircuitBreakerOptions) -> None:
        self._options = options
        # The start time of every probe under way.
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
    """Every call is rejected until an operator ends this state."""

    name = "forced_open"

    def wait_s(self, now_s: float) -> float | None:
        return None

    def admits(self, now_s: float) -> bool:
        return False


class Disabled(State):
    """Every call is let through, and nothing is counted."""

    name = "disabled"
