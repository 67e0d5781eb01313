"""Attempts: what becomes of every attempt of a pipeline is judged, counted and announced here, and nowhere else."""

from collections.abc import Callable
from typing import TypeVar

from resilience.cancellation import cancellations
from resilience.circuit_breaker import CircuitBreaker, Permit
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded, Rejection, outcome_of
from resilience.events import Announcer, CallEnded, CallRejected
from resilience.outcome import Outcome
from resilience.retry_budget import RetryBudget

R = TypeVar("R", bound=Rejection)


class Attempt:
    """An attempt that is dispatched inside a `with` block. Its outcome is IGNORED until the call answers or fails."""

    __slots__ = ("_attempts", "_cancelled_before", "earlier", "outcome", "permit", "waited_s")

    def __init__(self, attempts: "Attempts", permit: Permit, earlier: list[Outcome], waited_s: float) -> None:
        self.outcome = Outcome.IGNORED
        self.permit = permit
        self.earlier = earlier
        self.waited_s = waited_s
        self._attempts = attempts
        self._cancelled_before = cancellations()

    def __enter__(self) -> "Attempt":
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        # What a call makes of a cancellation from outside says nothing about the service.
        if error is not None and cancellations() == self._cancelled_before:
            self.outcome = outcome_of(error)
        self._attempts.end(self, error)


class Attempts:
    """The attempts of one pipeline; counts are since the start."""

    def __init__(
        self, breaker: CircuitBreaker, budget: RetryBudget, announcer: Announcer, clock: Callable[[], float]
    ) -> None:
        self.in_flight = self.succeeded = self.failed = self.ignored = 0
        self.rejected = {kind.reason: 0 for kind in (BulkheadFull, AttemptTimeout, DeadlineExceeded)}
        self._breaker = breaker
        self._budget = budget
        self._announcer = announcer
        self._clock = clock

    def reject(self, rejection: R) -> R:
        """Count and announce the rejection of an attempt that is not dispatched."""
        self.rejected[rejection.reason] += 1
        self._announcer.announce(CallRejected(self._breaker.name, self._clock(), rejection.reason))
        return rejection

    def dispatch(self, earlier: list[Outcome], waited_s: float) -> Attempt:
        """Begin an attempt, with a permit of the breaker. Raises CircuitOpen.

        `earlier` is what the earlier attempts of the same call came to; this one is added at its end.
        """
        permit = self._breaker.acquire()
        self.in_flight += 1
        if not earlier:
            self._budget.count_original(permit.started_s)
        return Attempt(self, permit, earlier, waited_s)

    def end(self, attempt: Attempt, error: BaseException | None) -> None:
        """Settle the permit; count and announce the outcome."""
        outcome, permit = attempt.outcome, attempt.permit
        # The second failure of a call that may be about the request says nothing new about the service.
        repeated = outcome is Outcome.REQUEST_FAILURE and outcome in attempt.earlier
        permit.settle(Outcome.IGNORED if repeated else outcome)
        attempt.earlier.append(outcome)
        self.in_flight -= 1
        if outcome is Outcome.SUCCESS:
            self.succeeded += 1
        elif outcome is Outcome.IGNORED:
            self.ignored += 1
        else:
            self.failed += 1
        if isinstance(error, AttemptTimeout | DeadlineExceeded):
            self.rejected[error.reason] += 1
        if self._announcer.listeners:
            ended_s = self._clock()
            duration_s = ended_s - permit.started_s
            self._announcer.announce(CallEnded(self._breaker.name, ended_s, outcome, duration_s, attempt.waited_s))
