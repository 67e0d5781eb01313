"""Pipeline: all patterns around the calls of one service, outermost first

    fallback > deadline > retry with budget > circuit breaker > bulkhead > attempt timeout > the call

Read the methods in this order: `cached_call` (fallback), `call` (deadline, retry), `_attempt` (circuit breaker,
bulkhead), `_dispatch` (attempt timeout). Each pattern has a file of the same name. `patterns.py` makes the patterns.
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
    """The patterns around one service. All calls are made in one event loop."""

    async def cached_call(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> Served[T]:
        """Like `call`, with the fallback around it, for reads. `key` identifies the data that is read."""
        fetch = partial(self.call, call, idempotent=True)
        if self.fallback is None or self._probes is None:
            return Served(await fetch())
        if not self.switches.fallbacks:
            return await self.fallback.remember(key, fetch)
        # A probe is not idempotent here: its failure opens the circuit, so that a retry would be rejected.
        stale = self._probes.serve(key, partial(self.call, call))
        return stale or await self.fallback.call(key, fetch)

    async def call(self, call: Callable[[], Awaitable[T]], idempotent: bool = False) -> T:
        """The call's answer. Raises the call's own exception, or a Rejection. Only an idempotent call is retried.

        The deadline comes from `current_deadline`. It applies only while timeouts are switched on.
        """
        deadline = (current_deadline.get() if self.switches.timeouts else None) or NO_DEADLINE
        outcomes: list[Outcome] = []
        attempt = partial(self._attempt, call, deadline, outcomes)
        if idempotent and self.switches.retries:
            return await self._retry.call(attempt, outcomes, deadline)
        return await attempt()

    async def _attempt(self, call: Callable[[], Awaitable[T]], deadline: Deadline, outcomes: list[Outcome]) -> T:
        """One attempt: check the deadline and the breaker, wait for a slot, and dispatch the call."""
        bulkhead, began_s = self._bulkhead, self._clock()
        self._check(deadline, began_s)
        # This comes before the bulkhead, so that a call to a service that is down does not wait for a slot.
        self.circuit_breaker.check()
        try:
            await bulkhead.acquire(deadline)
        except BulkheadFull as full:
            self._check(deadline, self._clock())
            raise self._attempts.reject(full) from None
        try:
            now_s = self._clock()
            self._check(deadline, now_s)
            return await self._dispatch(call, deadline, outcomes, now_s - began_s)
        finally:
            bulkhead.release()

    def _check(self, deadline: Deadline, now_s: float) -> None:
        if now_s >= deadline.at_s:
            raise self._attempts.reject(DeadlineExceeded())

    async def _dispatch(
        self, call: Callable[[], Awaitable[T]], deadline: Deadline, outcomes: list[Outcome], waited_s: float
    ) -> T:
        """An attempt that has its slot: take a permit, make the call, and report the outcome to the breaker.

        The outcome is how the breaker learns of a failure; it may then open (`CircuitBreaker.record`).
        """
        # Take the permit only now. A half-open circuit has few of them, and a call in the queue must not hold one.
        permit, outcome = self._attempts.dispatch(outcomes), Outcome.IGNORED
        try:
            answer = await call_within(call, self._attempt_s, deadline)
            outcome = self._classify_answer(answer)
            return answer
        except Exception as error:
            outcome = outcome_of(error)
            if isinstance(error, AttemptTimeout | DeadlineExceeded):
                self._attempts.count(error)
            raise
        finally:
            # If the task was cancelled from outside, a failure of the call says nothing about the service.
            if outcome is not Outcome.SUCCESS and outcome is not Outcome.IGNORED and is_cancelled():
                outcome = Outcome.IGNORED
            self._attempts.end(permit, outcome, outcomes, waited_s)
