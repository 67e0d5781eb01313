"""Attempts: counts every attempt of a pipeline and announces how it ended. No other file does this."""

from collections.abc import Callable
from typing import TypeVar

from resilience.circuit_breaker import CircuitBreaker, Permit
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded, Rejection
from resilience.events import Announcer, CallEnded, CallRejected
from resilience.outcome import Outcome
from resilience.retry_budget import RetryBudget

R = TypeVar("R", bound=Rejection)


class Attempts:
    """The attempts of one pipeline. Every count is a total since the start.

    `outcomes` is a list that belongs to one call: the outcomes of its attempts so far. `end` adds to it, and
    `retry.py` reads it.
    """

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
        """Count an attempt that is rejected before it is dispatched. Returns the rejection for the caller to raise."""
        self.count(rejection)
        self._announcer.announce(CallRejected(self._breaker.name, self._clock(), rejection.reason))
        return rejection

    def count(self, rejection: Rejection) -> None:
        """Count a rejection by its reason."""
        self.rejected[rejection.reason] += 1

    def dispatch(self, outcomes: list[Outcome]) -> Permit:
        """Count an attempt that is dispatched now, and take its permit from the breaker. Raises CircuitOpen."""
        permit = self._breaker.acquire()
        self.in_flight += 1
        if not outcomes:
            self._budget.count_original(permit.started_s)
        return permit

    def end(self, permit: Permit, outcome: Outcome, outcomes: list[Outcome], waited_s: float) -> None:
        """Count a dispatched attempt that has ended, and report its outcome to the breaker.

        `waited_s` is the time that the attempt waited in the queue of the bulkhead.
        """
        # The breaker ignores the second failure that the request itself may cause: it is no new information.
        repeated = outcome is Outcome.REQUEST_FAILURE and outcome in outcomes
        permit.settle(Outcome.IGNORED if repeated else outcome)
        outcomes.append(outcome)
        self.in_flight -= 1
        if outcome is Outcome.SUCCESS:
            self.succeeded += 1
        elif outcome is Outcome.IGNORED:
            self.ignored += 1
        else:
            self.failed += 1
        if self._announcer.listeners:
            now_s = self._clock()
            self._announcer.announce(CallEnded(self._breaker.name, now_s, outcome, now_s - permit.started_s, waited_s))
