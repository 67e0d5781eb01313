"""Pipeline: all patterns around the calls of one service, outermost first

    fallback > deadline > retry with budget > circuit breaker > bulkhead > attempt timeout > the call

`Pipeline.cached_call`, `call`, `_attempt` and `_dispatch` show them in this order.
"""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from resilience.attempts import Attempts
from resilience.background_probes import BackgroundProbes
from resilience.bulkhead import Bulkhead
from resilience.cancellation import is_cancelled
from resilience.circuit_breaker import CircuitBreaker
from resilience.circuit_states import Disabled
from resilience.deadline import NO_DEADLINE, Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded, outcome_of
from resilience.events import Announcer
from resilience.fallback import Fallback, Served
from resilience.options import SHARED_POOL, PipelineOptions
from resilience.outcome import ClassifyAnswer, Outcome, every_answer_is_a_success
from resilience.pipeline_state import PipelineSnapshot, Switches
from resilience.retry import Retry
from resilience.retry_budget import RetryBudget
from resilience.timeout import call_within

T = TypeVar("T")


class Pipeline:
    """The patterns around one service, for the event loop that calls it.

    `clock` is monotonic, and is the clock of the deadlines too. `shared_pool` is one object for all pipelines that
    share it. `announcer` is the one that `fallback` has, if the same listeners are to hear of both.
    """

    def __init__(
        self,
        name: str,
        options: PipelineOptions | None = None,
        *,
        fallback: Fallback[Any] | None = None,
        shared_pool: Bulkhead | None = None,
        classify_answer: ClassifyAnswer | None = None,
        announcer: Announcer | None = None,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.options = options = options or PipelineOptions()
        self.switches = Switches()
        self.announcer = announcer or Announcer()
        self.fallback = fallback
        self.retry_budget = RetryBudget(options.retry_budget, clock())
        self.circuit_breaker = CircuitBreaker(
            name, options.circuit_breaker, clock=clock, random=random, announcer=self.announcer
        )
        self.bulkhead = Bulkhead(name, options.bulkhead)
        self.shared_pool = shared_pool or Bulkhead("shared", SHARED_POOL)
        self._classify_answer = classify_answer or every_answer_is_a_success
        self._retry = Retry(
            name, options.retry, self.retry_budget, announcer=self.announcer, clock=clock, sleep=sleep, random=random
        )
        self._probes: BackgroundProbes | None = None
        if fallback is not None:
            most, longest_s = options.bulkhead.max_concurrent, options.circuit_breaker.probe_timeout_s
            self._probes = BackgroundProbes(self.circuit_breaker, fallback, most, longest_s)
        self._clock = clock
        # What the switches stand for; see `switch`.
        self._attempt_s = options.attempt_timeout_s
        self._bulkhead = self.bulkhead
        self._attempts = Attempts(self.circuit_breaker, self.retry_budget, self.announcer, clock)

    # ---- The patterns, outermost first ------------------------------------------------------------------------------

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

    # ---- At run time ------------------------------------------------------------------------------------------------

    def switch(self, switches: Switches) -> None:
        """Switch patterns on and off, for all attempts from now on.

        If a person controls the breaker, that stays so unless the breakers themselves are switched.
        """
        before, self.switches = self.switches, switches
        self._attempt_s = self.options.attempt_timeout_s if switches.timeouts else math.inf
        self._bulkhead = self.bulkhead if switches.bulkheads else self.shared_pool
        self.retry_budget.enforced = switches.retry_budgets
        breaker = self.circuit_breaker
        if before.circuit_breakers and not switches.circuit_breakers:
            breaker.disable()
        elif switches.circuit_breakers and not before.circuit_breakers and isinstance(breaker.state, Disabled):
            breaker.resume()

    def snapshot(self) -> PipelineSnapshot:
        breaker, attempts = self.circuit_breaker.snapshot(), self._attempts
        return PipelineSnapshot(
            name=self.name,
            switches=self.switches,
            circuit_breaker=breaker,
            bulkhead=self._bulkhead.snapshot(),
            retry_budget=self.retry_budget.snapshot(self._clock()),
            fallback=self.fallback.snapshot() if self.fallback is not None else None,
            in_flight=attempts.in_flight,
            succeeded=attempts.succeeded,
            failed=attempts.failed,
            ignored=attempts.ignored,
            rejected={**attempts.rejected, CircuitOpen.reason: breaker.rejected},
        )
