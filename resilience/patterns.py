"""The patterns around one service: made from their options, switched on and off, and shown in a snapshot."""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from resilience.attempts import Attempts
from resilience.background_probes import BackgroundProbes
from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.circuit_states import Disabled
from resilience.errors import CircuitOpen
from resilience.events import Announcer
from resilience.fallback import Fallback
from resilience.options import SHARED_POOL, PipelineOptions
from resilience.outcome import ClassifyAnswer, every_answer_is_a_success
from resilience.pipeline_state import PipelineSnapshot, Switches
from resilience.retry import Retry
from resilience.retry_budget import RetryBudget


class Patterns:
    """The patterns of one pipeline. `Pipeline` inherits them, so that `pipeline.py` holds only the way of a call.

    `clock` is monotonic. Deadlines must use the same clock. `shared_pool` is one object for all pipelines that share
    it. Pass the announcer of `fallback`, so that the same listeners receive the events of both.
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
            name,
            options.retry,
            self.retry_budget,
            announcer=self.announcer,
            clock=clock,
            sleep=sleep,
            random=random,
        )
        self._probes: BackgroundProbes | None = None
        if fallback is not None:
            max_probes, timeout_s = options.bulkhead.max_concurrent, options.circuit_breaker.probe_timeout_s
            self._probes = BackgroundProbes(self.circuit_breaker, fallback, max_probes, timeout_s)
        self._clock = clock
        # The pipeline uses these. `switch` changes the first two.
        self._attempt_s = options.attempt_timeout_s
        self._bulkhead = self.bulkhead
        self._attempts = Attempts(self.circuit_breaker, self.retry_budget, self.announcer, clock)

    def switch(self, switches: Switches) -> None:
        """Switch patterns on and off, for all attempts from now on.

        A manual control of the breaker stays, unless `circuit_breakers` itself is switched.
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
