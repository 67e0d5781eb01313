"""Pipeline: all patterns around the calls of one service, outermost first

    fallback > deadline > retry with budget > circuit breaker > bulkhead > attempt timeout > the call

`Pipeline.cached_call`, `call`, `_attempt` and `_dispatch` show them in this order. `patterns.py` makes the patterns.
"""

from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import TypeVar

from resilience.cancellation import is_cancelled
from resilience.deadline import NO_DEADLINE, Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded, outcome_of
from resilience.fallback import Served
from resilience.outcome import Outcome
from resilience.patterns import Patterns
from resilience.timeout import call_within

T = TypeVar("T")


class Pipeline(Patterns):
    """The patterns around one service, for the event loop that calls it."""

    async def cached_call(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> Served[T]:
        """As `call`, for a read, with the fallback around it; `key` says what is read, and for whom."""
        fetch = partial(self.call, call, idempotent=True)
        if self.fallback is None or self._probes is None:
            return Served(await fetch())
        if not self.switches.fallbacks:
            return await self.fallback.remember(key, fetch)
        # A probe is not idempotent here: its failure opens the circuit, so that a retry would be rejected.
        stale = self._probes.serve(key, partial(self.call, call))
        return stale or await self.fallback.call(key, fetch)

    async def call(self, call: Callable[[], Awaitable[T]], idempotent: bool = False) -> T:
        """The call's answer. Raises what the call raised, or a Rejection. Only an idempotent call is made again.

        The deadline is the one in `current_deadline`, if there is one and timeouts are on.
        """
        deadline = (current_deadline.get() if self.switches.timeouts else None) or NO_DEADLINE
        outcomes: list[Outcome] = []
        attempt = partial(self._attempt, call, deadline, outcomes)
        if idempotent and self.switches.retries:
            return await self._retry.call(attempt, outcomes, deadline)
        return await attempt()

    async def _attempt(self, call: Callable[[], Awaitable[T]], deadline: Deadline, earlier: list[Outcome]) -> T:
        """One attempt, until it has a slot; `earlier` is what the earlier attempts of this call came to."""
        bulkhead, began_s = self._bulkhead, self._clock()
        self._check(deadline, began_s)
        # Before the bulkhead, so that a call to a service that is down does not wait for a slot.
        self.circuit_breaker.check()
        try:
            await bulkhead.acquire(deadline)
        except BulkheadFull as full:
            self._check(deadline, self._clock())
            raise self._attempts.reject(full) from None
        try:
            now_s = self._clock()
            self._check(deadline, now_s)
            return await self._dispatch(call, deadline, earlier, now_s - began_s)
        finally:
            bulkhead.release()

    def _check(self, deadline: Deadline, now_s: float) -> None:
        if now_s >= deadline.at_s:
            raise self._attempts.reject(DeadlineExceeded())

    async def _dispatch(
        self, call: Callable[[], Awaitable[T]], deadline: Deadline, earlier: list[Outcome], waited_s: float
    ) -> T:
        """One attempt that has its slot."""
        # The permit is taken only now: a call in the queue must not hold one of the few of a half-open circuit.
        permit, outcome = self._attempts.dispatch(earlier), Outcome.IGNORED
        try:
            answer = await call_within(call, self._attempt_s, deadline)
            outcome = self._classify_answer(answer)
            return answer
        except Exception as error:
            outcome = outcome_of(error)
            if isinstance(error, AttemptTimeout | DeadlineExceeded):
                self._attempts.rejected[error.reason] += 1
            raise
        finally:
            # What a call makes of a cancellation from outside says nothing about the service.
            if outcome is not Outcome.SUCCESS and outcome is not Outcome.IGNORED and is_cancelled():
                outcome = Outcome.IGNORED
            self._attempts.end(permit, outcome, earlier, waited_s)
