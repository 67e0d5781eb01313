"""The states of a circuit breaker, an object each: what one admits, and what it makes of a result.

A state never changes the breaker: it answers with the Verdict that `CircuitBreaker` acts on.
"""

from abc import ABC, abstractmethod
from enum import Enum
from typing import ClassVar

from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome
from resilience.rolling_window import RollingWindow


class Verdict(Enum):
    """What a result means for the circuit; the value is the cause that events give."""

    FAILURE_RATE = "failure_rate"
    CONSECUTIVE_FAILURES = "consecutive_failures"
    SLOW_CALL_RATE = "slow_call_rate"
    PROBE_FAILED = "probe_failed"
    PROBES_SLOW = "probes_slow"
    PROBES_SUCCEEDED = "probes_succeeded"


class State(ABC):
    name: ClassVar[str]

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until a call may be let through; None if none ever will, unless somebody changes the state."""
        return 0.0

    @abstractmethod
    def admits(self, now_s: float) -> bool:
        """Whether a call that comes now would get a permit. Takes nothing."""

    def take(self) -> None:  # noqa: B027 - most states have nothing to count
        """Count a permit; only after `admits`, and with no await in between."""

    @abstractmethod
    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        """Count a result of a permit that was taken in this state."""


class Closed(State):
    """Every call is let through, and watched."""

    name = "closed"
    __slots__ = ("_options", "consecutive_failures", "window")

    def __init__(self, options: CircuitBreakerOptions, now_s: float) -> None:
        self._options = options
        self.window = RollingWindow(options.window_s, now_s)
        self.consecutive_failures = 0

    def clear(self, now_s: float) -> None:
        self.window.clear(now_s)
        self.consecutive_failures = 0

    def admits(self, now_s: float) -> bool:
        return True

    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        if outcome is Outcome.IGNORED:
            return None
        failed = outcome is Outcome.FAILURE
        window = self.window
        window.add(now_s, failed, slow)
        self.consecutive_failures = self.consecutive_failures + 1 if failed else 0
        if window.failures or window.slow:
            return self.verdict()
        return None

    def verdict(self) -> Verdict | None:
        options, window = self._options, self.window
        if self.consecutive_failures >= options.consecutive_failures:
            return Verdict.CONSECUTIVE_FAILURES
        calls = window.total
        if calls < options.minimum_calls:
            return None
        if window.failures >= calls * options.failure_rate:
            return Verdict.FAILURE_RATE
        if window.slow >= calls * options.slow_call_rate:
            return Verdict.SLOW_CALL_RATE
        return None


class MetricsOnly(Closed):
    """Every call is let through, and watched, and nothing comes of it."""

    name = "metrics_only"
    __slots__ = ()

    def verdict(self) -> Verdict | None:
        return None


class Open(State):
    """No call is let through before the wait is over."""

    name = "open"
    __slots__ = ("until_s",)

    def __init__(self, until_s: float) -> None:
        self.until_s = until_s

    def wait_s(self, now_s: float) -> float | None:
        left_s = self.until_s - now_s
        return left_s if left_s > 0 else 0.0

    def admits(self, now_s: float) -> bool:
        return now_s >= self.until_s

    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        return None


class HalfOpen(State):
    """A few calls are let through as probes: at most `permitted_calls` are under way or done.

    An ignored outcome proves nothing and gives its permit back, so it can never be the one that is waited for.
    """

    name = "half_open"
    __slots__ = ("_options", "slow", "succeeded", "taken")

    def __init__(self, options: CircuitBreakerOptions) -> None:
        self._options = options
        self.taken = self.succeeded = self.slow = 0

    def admits(self, now_s: float) -> bool:
        return self.taken < self._options.permitted_calls

    def take(self) -> None:
        self.taken += 1

    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        if outcome is Outcome.IGNORED:
            self.taken -= 1
            return None
        if outcome is Outcome.FAILURE:
            return Verdict.PROBE_FAILED
        self.succeeded += 1
        self.slow += slow
        if self.succeeded < self._options.permitted_calls:
            return None
        if self.slow >= self.succeeded * self._options.slow_call_rate:
            return Verdict.PROBES_SLOW
        return Verdict.PROBES_SUCCEEDED


class ForcedOpen(State):
    """No call is let through until somebody says so."""

    name = "forced_open"
    __slots__ = ()

    def wait_s(self, now_s: float) -> float | None:
        return None

    def admits(self, now_s: float) -> bool:
        return False

    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        return None


class Disabled(State):
    """Every call is let through, unwatched."""

    name = "disabled"
    __slots__ = ()

    def admits(self, now_s: float) -> bool:
        return True

    def record(self, outcome: Outcome, slow: bool, now_s: float) -> Verdict | None:
        return None
