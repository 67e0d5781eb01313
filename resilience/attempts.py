"""Attempts: what becomes of every attempt of a pipeline is counted and announced here, and nowhere else."""

from collections.abc import Callable
from typing import TypeVar

from resilience.circuit_breaker import CircuitBreaker, Permit
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded, Rejection
from resilience.events import Announcer, CallEnded, CallRejected
from resilience.outcome import Outcome
from resilience.retry_budget import RetryBudget

R = TypeVar("R", bound=Rejection)


class Attempts:
    """The attempts of one pipeline; counts are since the start.

    `earlier` is what the earlier attempts of the same call came to.
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
        """An attempt is rejected before it is dispatched. Returns the rejection, to be raised."""
        self.rejected[rejection.reason] += 1
        self._announcer.announce(CallRejected(self._breaker.name, self._clock(), rejection.reason))
        return rejection

    def dispatch(self, earlier: list[Outcome]) -> Permit:
        """An attempt is dispatched, with a permit of the breaker. Raises CircuitOpen."""
        permit = self._breaker.acquire()
        self.in_flight += 1
        if not earlier:
            self._budget.count_original(permit.started_s)
        return permit

    def end(self, permit: Permit, outcome: Outcome, earlier: list[Outcome], waited_s: float) -> None:
        """An attempt that was dispatched has ended; `waited_s` is its time in the queue of the bulkhead."""
        # The second failure of a call that may be about the request says nothing new about the service.
        repeated = outcome in earlier and outcome is Outcome.REQUEST_FAILURE
        permit.settle(Outcome.IGNORED if repeated else outcome)
        earlier.append(outcome)
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
