"""The breaker's listeners, and what a person can do to it."""

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
from tests.resilience.conftest import FakeTime

# ---- Listeners ------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from([FAILURE, FAILURE, *Outcome]), st.integers(0, 128)), max_size=60))
def test_a_listener_that_throws_changes_nothing(history: list[tuple[Outcome, int]]) -> None:
    """Property 14: the same history with and without it ends alike, and the other listeners hear the same."""

    def throws(event: Event) -> None:
        raise RuntimeError(type(event).__name__) if isinstance(event, StateChanged) else asyncio.CancelledError

    options = replace(OPTIONS, consecutive_failures=2, permitted_calls=2)
    ends = []
    for listeners in ([], [throws]):
        time, heard = FakeTime(), list[Event]()
        breaker = CircuitBreaker(
            "service", options, clock=time.clock, random=lambda: 0.5, announcer=Announcer([*listeners, heard.append])
        )
        for each, after_s in history:
            time.pass_by(after_s / 16)
            try:
                breaker.permit().settle(each)
            except CircuitOpen:
                continue
        ends.append((breaker.snapshot(), heard))
    assert ends[0] == ends[1]


def test_a_listener_hears_of_a_change_once_it_is_complete(time: FakeTime) -> None:
    seen: list[tuple[str, str, str, str, bool, float | None]] = []

    def look(event: Event) -> None:
        if isinstance(event, StateChanged):
            now = breaker.snapshot()
            current = now.generation == event.generation
            seen.append((event.before, event.after, event.cause, now.state, current, event.wait_s))

    breaker = breaker_in(time, listen=look)
    results(breaker, time, FAILURE, 5)
    time.pass_by(5)
    results(breaker, time, SUCCESS, 3)
    assert seen == [
        ("closed", "open", "consecutive_failures", "open", True, 5.0),
        ("open", "half_open", "wait_over", "half_open", True, None),
        ("half_open", "closed", "probes_succeeded", "closed", True, None),
    ]


def test_a_listener_may_use_the_controls(time: FakeTime) -> None:
    def force(event: Event) -> None:
        if isinstance(event, StateChanged) and event.after == "half_open":
            breaker.force_open()

    breaker = breaker_in(time, listen=force)
    results(breaker, time, FAILURE, 5)
    time.pass_by(5)
    with pytest.raises(CircuitOpen):
        breaker.permit()
    assert breaker.snapshot().state == "forced_open"


def test_a_listener_that_opens_it_anew_as_the_wait_ends_lets_no_call_through_uncounted(time: FakeTime) -> None:
    heard: list[str] = []

    def meddle(event: Event) -> None:
        if isinstance(event, StateChanged):
            heard.append(event.after)
            if heard.count("half_open") == 1 and event.after == "half_open":
                breaker.force_open()
                breaker.resume()

    breaker = breaker_in(time, listen=meddle)
    results(breaker, time, FAILURE, 5)
    time.pass_by(5)
    breaker.permit()
    assert breaker.snapshot().state == "half_open"
    assert breaker.snapshot().probes_taken == 1
    assert heard == ["open", "half_open", "forced_open", "open", "half_open"]


def test_every_listener_hears_of_the_changes_in_their_order_whatever_another_one_does(time: FakeTime) -> None:
    heard: list[tuple[str, int]] = []

    def force(event: Event) -> None:
        if isinstance(event, StateChanged) and event.after == "half_open":
            breaker.force_open()

    def listen(event: Event) -> None:
        if isinstance(event, StateChanged):
            heard.append((event.after, event.generation))

    breaker = breaker_in(time, listen=force)
    breaker._announcer.listeners.append(listen)
    results(breaker, time, FAILURE, 5)
    time.pass_by(5)
    with pytest.raises(CircuitOpen):
        breaker.permit()
    assert heard == [("open", 1), ("half_open", 2), ("forced_open", 3)]


def test_an_exit_that_a_listener_asks_for_passes_and_the_others_hear_of_everything_later(time: FakeTime) -> None:
    heard: list[str] = []

    def exits(event: Event) -> None:
        if isinstance(event, StateChanged):
            heard.append(event.after)
            if event.after == "open":
                breaker.force_open()
                raise SystemExit

    breaker = breaker_in(time, listen=exits)
    with pytest.raises(SystemExit):
        results(breaker, time, FAILURE, 5)
    breaker.reset()
    assert heard == ["open", "forced_open", "closed"]


def test_rejections_are_announced(time: FakeTime) -> None:
    events: list[Event] = []
    breaker = opened(time, events.append)
    with pytest.raises(CircuitOpen):
        breaker.permit()
    assert events[1:] == [CallRejected("service", time.now_s, "circuit_open")]


# ---- Manual controls ------------------------------------------------------------------------------------------------

CONTROLS: dict[str, Callable[[CircuitBreaker], None]] = {
    "forced_open": CircuitBreaker.force_open,
    "disabled": CircuitBreaker.disable,
    "metrics_only": CircuitBreaker.watch_only,
}


@pytest.mark.parametrize("control", CONTROLS)
@given(before=st.sampled_from(["closed", "open", "half_open"]), others=st.lists(st.sampled_from(sorted(CONTROLS))))
def test_each_manual_control_shows_and_is_reversible(control: str, before: str, others: list[str]) -> None:
    """Property 18, whatever other controls came in between."""
    time = FakeTime()
    breaker = breaker_in(time) if before == "closed" else opened(time)
    if before == "half_open":
        time.pass_by(5)
        breaker.permit()
    for name in [*others, control]:
        CONTROLS[name](breaker)
        assert breaker.snapshot().state == name
    time.pass_by(2)
    breaker.resume()
    now = breaker.snapshot()
    assert now.state == ("closed" if before == "closed" else "open")
    assert now.next_probe_in_s == {"closed": None, "open": 3, "half_open": 0}[before]
    breaker.resume()
    assert breaker.snapshot() == now


def test_forced_open_lets_nothing_through_however_long(time: FakeTime) -> None:
    """Property 18."""
    breaker = breaker_in(time)
    breaker.force_open()
    for _ in range(5):
        time.pass_by(3600)
        with pytest.raises(CircuitOpen) as raised:
            breaker.permit()
        assert raised.value.retry_after_s is None
    breaker.resume()
    results(breaker, time, SUCCESS, 3)


@pytest.mark.parametrize(("control", "counted"), [("disabled", 5), ("metrics_only", 50)])
def test_disabled_and_watching_breakers_let_every_call_through(time: FakeTime, control: str, counted: int) -> None:
    """Property 18."""
    breaker = opened(time)
    CONTROLS[control](breaker)
    results(breaker, time, FAILURE, 50)
    now = breaker.snapshot()
    assert (now.state, now.calls, now.opened) == (control, counted, 1)


@pytest.mark.parametrize("before", ["open", "half_open", *CONTROLS])
def test_reset_is_as_new(time: FakeTime, before: str) -> None:
    """Property 18."""
    breaker = half_open(time)
    result(breaker, time, FAILURE)
    if before == "half_open":
        time.pass_by(10)
        breaker.permit()
    elif before in CONTROLS:
        CONTROLS[before](breaker)
    assert breaker.snapshot().state == before
    breaker.reset()
    now = breaker.snapshot()
    assert (now.state, now.calls, now.consecutive_failures) == ("closed", 0, 0)
    results(breaker, time, FAILURE, 5)
    assert breaker.snapshot().next_probe_in_s == 5
