"""The pipeline under every order of events that hypothesis finds, one turn of the event loop at a time."""

import asyncio
from dataclasses import fields
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.events import CallEnded, Event, StateChanged
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions, RetryOptions
from resilience.outcome import Outcome
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeTimeLoop
from tests.resilience.service import Service, pipeline_in

SLOTS, QUEUED, SHARED, PROBES = 3, 3, 2, 2
OPTIONS = PipelineOptions(
    attempt_timeout_s=1.0,
    bulkhead=BulkheadOptions(max_concurrent=SLOTS, max_queued=QUEUED, max_wait_s=0.5),
    circuit_breaker=CircuitBreakerOptions(
        minimum_calls=6, consecutive_failures=3, permitted_calls=PROBES, open_wait_s=1.0, max_open_wait_s=4.0
    ),
    retry=RetryOptions(max_attempts=2),
)


class Storm(RuleBasedStateMachine):
    """Properties 1, 2, 3, 4, 8, 9 and 17 together: in every order of events nothing is lost or exceeded."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = FakeTimeLoop()
        self.time = self.loop.clock
        self.events: list[Event] = []
        shared = BulkheadOptions(max_concurrent=SHARED, max_queued=100, max_wait_s=60)
        self.shared = Bulkhead("shared", shared)
        self.pipeline = pipeline_in(self.time, OPTIONS, shared_pool=self.shared, listeners=[self.events.append])
        self.service = Service()
        self.tasks: list[asyncio.Task[str]] = []

    def tick(self) -> None:
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()

    async def _dispatch(self, timed: bool) -> str:
        breaker = self.pipeline.circuit_breaker
        if breaker.state.name == "half_open":
            assert breaker.snapshot().probes_taken <= PROBES
        assert breaker.state.name != "open"
        deadline = current_deadline.get()
        if deadline is not None and timed:
            assert deadline.remaining_s() > 0, "dispatched after its deadline"
        return await self.service()

    async def _request(self, remaining_s: float | None, idempotent: bool) -> str:
        if remaining_s is not None:
            current_deadline.set(Deadline.after(remaining_s, self.time))
        # A call keeps the deadline with which it began.
        timed = self.pipeline.switches.timeouts
        return await self.pipeline.call(lambda: self._dispatch(timed), idempotent)

    @rule(remaining=st.none() | st.integers(1, 160).map(lambda n: n / 64), idempotent=st.booleans())
    def come(self, remaining: float | None, idempotent: bool) -> None:
        self.tasks.append(self.loop.create_task(self._request(remaining, idempotent)))

    @rule(number=st.integers(0, 50))
    def disconnect(self, number: int) -> None:
        if self.tasks:
            self.tasks[number % len(self.tasks)].cancel()

    @rule(number=st.integers(0, 5), succeeds=st.booleans())
    def service_ends_one(self, number: int, succeeds: bool) -> None:
        waiting = self.service.waiting()
        if waiting:
            end = self.service.answer if succeeds else self.service.fail
            end(waiting[number % len(waiting)])

    @rule(times=st.integers(1, 8))
    def turn(self, times: int) -> None:
        for _ in range(times):
            self.tick()

    @rule(sixtyfourths=st.integers(1, 160))
    def pass_by(self, sixtyfourths: int) -> None:
        self.time.pass_by(sixtyfourths / 64)

    @rule(control=st.sampled_from(["force_open", "disable", "watch_only", "resume", "resume", "reset"]))
    def control(self, control: str) -> None:
        getattr(self.pipeline.circuit_breaker, control)()

    @rule(switches=st.builds(Switches, **{pattern.name: st.booleans() for pattern in fields(Switches)}))
    def switch(self, switches: Switches) -> None:
        self.pipeline.switch(switches)

    @invariant()
    def never_more_at_once_than_slots(self) -> None:
        assert self.service.most_at_once <= SLOTS + SHARED

    @invariant()
    def every_slot_is_held_by_a_call_or_free(self) -> None:
        own, shared = self.pipeline.bulkhead.snapshot(), self.shared.snapshot()
        assert 0 <= own.in_use <= SLOTS
        assert 0 <= shared.in_use <= SHARED
        assert 0 <= self.pipeline.snapshot().in_flight <= own.in_use + shared.in_use
        assert own.queued <= QUEUED
        assert not (own.queued and own.in_use < SLOTS)
        assert not (shared.queued and shared.in_use < SHARED)

    @invariant()
    def never_more_probes_than_permitted(self) -> None:
        assert 0 <= self.pipeline.snapshot().circuit_breaker.probes_taken <= PROBES

    @invariant()
    def every_change_of_state_is_one_generation(self) -> None:
        changes = [event for event in self.events if isinstance(event, StateChanged)]
        assert [event.generation for event in changes] == list(range(1, len(changes) + 1))
        assert all(one.after == two.before for one, two in pairwise(changes))

    def teardown(self) -> None:
        try:
            self.all_capacity_is_there()
        finally:
            self.loop.close()

    def all_capacity_is_there(self) -> None:
        """After the storm, to the last slot and permit."""
        self.pipeline.switch(Switches())
        for _ in range(100):
            for task in self.tasks:
                task.cancel()
            self.tick()
            if all(task.done() for task in self.tasks):
                break
        errors = [task.exception() for task in self.tasks if not task.cancelled()]
        assert not [error for error in errors if isinstance(error, AssertionError)]
        now = self.pipeline.snapshot()
        assert (now.in_flight, now.bulkhead.in_use, now.bulkhead.queued) == (0, 0, 0)
        shared = self.shared.snapshot()
        assert (shared.in_use, shared.queued) == (0, 0)
        ended = [event for event in self.events if isinstance(event, CallEnded)]
        assert len(ended) == self.service.dispatched == now.succeeded + now.failed + now.ignored
        breaker = self.pipeline.circuit_breaker
        breaker.resume()
        self.time.pass_by(10)
        for _ in range(PROBES):
            if breaker.snapshot().state != "closed":
                breaker.acquire().settle(Outcome.SUCCESS)
        assert breaker.snapshot().state == "closed", "a permit was lost"


Storm.TestCase.settings = settings(max_examples=200, stateful_step_count=50, deadline=None)
test_after_any_storm_all_capacity_is_there = Storm.TestCase
