"""A result counts only in the generation of the circuit breaker in which its call began."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.events import Event
from resilience.outcome import Outcome
from tests.resilience.breakers import (
    FAILURE,
    IGNORED,
    SUCCESS,
    breaker_in,
    half_open,
    results,
)
from tests.resilience.conftest import FakeClock


@given(
    late=st.lists(st.sampled_from(Outcome), min_size=1, max_size=40), slow=st.booleans(), generations=st.integers(1, 4)
)
def test_results_of_an_older_generation_change_nothing_and_are_counted(
    late: list[Outcome], slow: bool, generations: int
) -> None:
    """Property 4."""
    clock = FakeClock()
    events: list[Event] = []
    breaker = breaker_in(clock, listen=events.append)
    permits = [breaker.acquire() for _ in late]
    results(breaker, clock, FAILURE, 5)
    if generations >= 2:
        clock.pass_by(5)
        probes = [breaker.acquire()]
    if generations >= 3:
        probes += [breaker.acquire(), breaker.acquire()]
        for probe in probes:
            probe.settle(SUCCESS)
    if generations >= 4:
        breaker.disable()
        breaker.watch_only()
    if slow:
        clock.pass_by(2)
    before, heard = breaker.snapshot(), list(events)
    for permit, outcome in zip(permits, late, strict=True):
        permit.settle(outcome)
    counted = sum(outcome is not IGNORED for outcome in late)
    assert breaker.snapshot() == replace(before, stale_results=counted)
    assert events == heard


def test_failures_that_arrive_after_it_opened_do_not_open_it_again(clock: FakeClock) -> None:
    """Property 4: there is no second event, and the wait does not become longer."""
    events: list[Event] = []
    breaker = breaker_in(clock, listen=events.append)
    permits = [breaker.acquire() for _ in range(50)]
    for permit in permits:
        permit.settle(FAILURE)
        clock.pass_by(0.01)
    assert len(events) == 1
    assert (breaker.snapshot().opened, breaker.snapshot().stale_results) == (1, 45)


def test_a_permit_settles_once(clock: FakeClock) -> None:
    breaker = half_open(clock)
    permit = breaker.acquire()
    permit.settle(SUCCESS)
    with pytest.raises(RuntimeError):
        permit.settle(SUCCESS)
    assert breaker.snapshot().probes_taken == 1
