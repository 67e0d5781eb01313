"""The listeners of a breaker, and what a person can do to it."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
from resilience.events import Announcer, CallRejected, Event, StateChanged
from resilience.outcome import Outcome
from tests.resilience.breakers import FAILURE, OPTIONS, SUCCESS, breaker_in, half_open, opened, result, results
from tests.resilience.conftest import FakeClock

# ---- Listeners ------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from([FAILURE, FAILURE, *Outcome]), st.integers(0, 128)), max_size=60))
def test_a_listener_that_throws_changes_nothing(history: list[tuple[Outcome, int]]) -> None:
    """Property 14: with and without it the same history ends alike, and the other listeners hear the same."""

    def throws(event: Event) -> None:
        raise RuntimeError(type(event).__name__) if isinstance(event, StateChanged) else asyncio.CancelledError

    options = replace(OPTIONS, consecutive_failures=2, permitted_calls=2)
    ends = []
    for listeners in ([], [throws]):
        clock, heard = FakeClock(), list[Event]()
        announcer = Announcer([*listeners, heard.append])
        breaker = CircuitBreaker("service", options, clock=clock, random=lambda: 0.5, announcer=announcer)
        for outcome, after_s in history:
            clock.pass_by(after_s / 16)
            try:
                breaker.acquire().settle(outcome)
            except CircuitOpen:
                continue
        ends.append((breaker.snapshot(), heard))
    assert ends[0] == ends[1]


def test_a_listener_hears_of_a_change_when_it_is_complete(clock: FakeClock) -> None:
    seen: list[tuple[str, str, str, str, bool, float | None]] = []

    def look(event: Event) -> None:
        if isinstance(event, StateChanged):
            now = breaker.snapshot()
            current = now.generation == event.generation
            seen.append((event.before, event.after, event.cause, now.state, current, event.wait_s))

    breaker = breaker_in(clock, listen=look)
    results(breaker, clock, FAILURE, 5)
    clock.pass_by(5)
    results(breaker, clock, SUCCESS, 3)
    assert seen == [
        ("closed", "open", "consecutive_failures", "open", True, 5.0),
        ("open", "half_open", "wait_over", "half_open", True, None),
        ("half_open", "closed", "probes_succeeded", "closed", True, None),
    ]


def test_rejections_are_announced(clock: FakeClock) -> None:
    events: list[Event] = []
    breaker = opened(clock, events.append)
    with pytest.raises(CircuitOpen):
        breaker.acquire()
    assert events[1:] == [CallRejected("service", clock(), "circuit_open")]


# ---- Manual controls ------------------------------------------------------------------------------------------------

CONTROLS: dict[str, Callable[[CircuitBreaker], None]] = {
    "forced_open": CircuitBreaker.force_open,
    "disabled": CircuitBreaker.disable,
    "metrics_only": CircuitBreaker.watch_only,
}


@pytest.mark.parametrize("control", CONTROLS)
@given(before=st.sampled_from(["closed", "open", "half_open"]), others=st.lists(st.sampled_from(sorted(CONTROLS))))
def test_each_manual_control_shows_and_can_be_undone(control: str, before: str, others: list[str]) -> None:
    """Property 18, whatever other controls were used in between."""
    clock = FakeClock()
    breaker = breaker_in(clock) if before == "closed" else opened(clock)
    if before == "half_open":
        clock.pass_by(5)
        breaker.acquire()
    for name in [*others, control]:
        CONTROLS[name](breaker)
        assert breaker.snapshot().state == name
    clock.pass_by(2)
    breaker.resume()
    now = breaker.snapshot()
    assert now.state == ("closed" if before == "closed" else "open")
    assert now.next_probe_in_s == {"closed": None, "open": 3, "half_open": 0}[before]
    breaker.resume()
    assert breaker.snapshot() == now


def test_a_circuit_that_is_forced_open_lets_nothing_through_for_any_time(clock: FakeClock) -> None:
    """Property 18."""
    breaker = breaker_in(clock)
    breaker.force_open()
    for _ in range(5):
        clock.pass_by(3600)
        with pytest.raises(CircuitOpen) as raised:
            breaker.acquire()
        assert raised.value.retry_after_s is None
    breaker.resume()
    results(breaker, clock, SUCCESS, 3)


@pytest.mark.parametrize(("control", "counted"), [("disabled", 5), ("metrics_only", 50)])
def test_a_breaker_that_is_disabled_or_only_watches_lets_every_call_through(
    clock: FakeClock, control: str, counted: int
) -> None:
    """Property 18."""
    breaker = opened(clock)
    CONTROLS[control](breaker)
    results(breaker, clock, FAILURE, 50)
    now = breaker.snapshot()
    assert (now.state, now.calls, now.opened) == (control, counted, 1)


@pytest.mark.parametrize("before", ["open", "half_open", *CONTROLS])
def test_after_a_reset_it_is_as_new(clock: FakeClock, before: str) -> None:
    """Property 18."""
    breaker = half_open(clock)
    result(breaker, clock, FAILURE)
    if before == "half_open":
        clock.pass_by(10)
        breaker.acquire()
    elif before in CONTROLS:
        CONTROLS[before](breaker)
    assert breaker.snapshot().state == before
    breaker.reset()
    now = breaker.snapshot()
    assert (now.state, now.calls, now.consecutive_failures) == ("closed", 0, 0)
    results(breaker, clock, FAILURE, 5)
    assert breaker.snapshot().next_probe_in_s == 5
