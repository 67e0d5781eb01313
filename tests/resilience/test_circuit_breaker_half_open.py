"""The open and the half-open circuit breaker: how long it waits, whom it lets through, and what closes it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
from resilience.events import Event, StateChanged
from resilience.outcome import Outcome
from tests.resilience.breakers import (
    FAILURE,
    IGNORED,
    OPTIONS,
    REQUEST_FAILURE,
    SUCCESS,
    breaker_in,
    half_open,
    opened,
    result,
    results,
)
from tests.resilience.conftest import FakeClock


def test_an_open_circuit_says_how_long_to_wait(clock: FakeClock) -> None:
    breaker = opened(clock)
    clock.pass_by(1)
    with pytest.raises(CircuitOpen) as raised:
        breaker.acquire()
    assert raised.value.retry_after_s == 4
    assert raised.value.reason == "circuit_open"
    assert str(raised.value) == "the circuit of service is open"


@pytest.mark.parametrize("listeners", [False, True])
@given(callers=st.integers(1, 50))
def test_of_all_calls_that_come_as_the_wait_ends_only_the_permitted_ones_get_through(
    listeners: bool, callers: int
) -> None:
    """Property 3, for the breaker alone."""
    clock = FakeClock()
    events: list[Event] = []
    breaker = opened(clock, events.append if listeners else None)
    clock.pass_by(5)
    through = 0
    for _ in range(callers):
        with suppress(CircuitOpen):
            breaker.acquire()
            through += 1
    assert through == min(callers, 3)
    assert breaker.snapshot().state == "half_open"


def test_if_all_probes_succeed_it_closes_and_forgets_the_past(clock: FakeClock) -> None:
    breaker = half_open(clock)
    results(breaker, clock, SUCCESS, 2)
    assert breaker.snapshot().state == "half_open"
    result(breaker, clock, SUCCESS)
    now = breaker.snapshot()
    assert (now.state, now.calls, now.consecutive_failures) == ("closed", 0, 0)


def test_one_failed_probe_opens_it_again(clock: FakeClock) -> None:
    breaker = half_open(clock)
    results(breaker, clock, SUCCESS, 2)
    result(breaker, clock, FAILURE)
    assert breaker.snapshot().state == "open"


@pytest.mark.parametrize(("failed", "after"), [(1, "closed"), (2, "open"), (3, "open")])
def test_probes_whose_failure_may_be_about_the_request_are_judged_by_their_share(
    clock: FakeClock, failed: int, after: str
) -> None:
    breaker = half_open(clock)
    results(breaker, clock, REQUEST_FAILURE, failed)
    if failed < 3:
        assert breaker.snapshot().state == "half_open"
    results(breaker, clock, SUCCESS, 3 - failed)
    assert breaker.snapshot().state == after


@pytest.mark.parametrize(("slow", "after"), [(1, "closed"), (2, "open"), (3, "open")])
def test_the_slow_call_rate_holds_for_probes_too(clock: FakeClock, slow: int, after: str) -> None:
    breaker = breaker_in(clock, replace(OPTIONS, slow_call_rate=0.5))
    results(breaker, clock, FAILURE, 5)
    clock.pass_by(5)
    for number in range(3):
        result(breaker, clock, SUCCESS, duration_s=1 if number < slow else 0)
    assert breaker.snapshot().state == after


def test_a_call_that_is_rejected_while_probes_are_under_way_may_come_back_at_once(clock: FakeClock) -> None:
    breaker = half_open(clock)
    for _ in range(3):
        breaker.acquire()
    with pytest.raises(CircuitOpen) as raised:
        breaker.acquire()
    assert raised.value.retry_after_s == 0


@given(st.lists(st.sampled_from([SUCCESS, IGNORED]), max_size=30))
def test_ignored_probes_never_keep_it_half_open(outcomes: list[Outcome]) -> None:
    """Property 2: however many probes are ignored, and in which order, three successes close it."""
    clock = FakeClock()
    breaker = half_open(clock)
    successes = 0
    for outcome in [*outcomes, IGNORED, SUCCESS, SUCCESS, SUCCESS]:
        if successes == 3:
            break
        result(breaker, clock, outcome)
        successes += outcome is SUCCESS
        assert breaker.snapshot().state == ("closed" if successes == 3 else "half_open")
    assert breaker.snapshot().state == "closed"


def test_an_ignored_probe_gives_its_permit_back_while_others_are_under_way(clock: FakeClock) -> None:
    """Property 2."""
    breaker = half_open(clock)
    first, second, last = breaker.acquire(), breaker.acquire(), breaker.acquire()
    first.settle(SUCCESS)
    second.settle(SUCCESS)
    last.settle(IGNORED)
    breaker.acquire().settle(SUCCESS)
    assert breaker.snapshot().state == "closed"


@pytest.mark.parametrize("look", [CircuitBreaker.check, CircuitBreaker.acquire, CircuitBreaker.probe_due])
def test_a_probe_that_is_not_settled_in_time_counts_as_failed(
    clock: FakeClock, look: Callable[[CircuitBreaker], object]
) -> None:
    """The next call finds that out; the late result then belongs to an older generation."""
    events: list[Event] = []
    breaker = opened(clock, events.append)
    clock.pass_by(5)
    late = breaker.acquire()
    clock.pass_by(1)
    for _ in range(2):
        breaker.acquire()
    clock.pass_by(8.9)
    with suppress(CircuitOpen):
        look(breaker)
    assert breaker.snapshot().state == "half_open"
    clock.pass_by(0.1)
    with suppress(CircuitOpen):
        look(breaker)
    now = breaker.snapshot()
    assert (now.state, now.next_probe_in_s, now.opened) == ("open", 10, 2)
    changes = [event for event in events if isinstance(event, StateChanged)]
    assert changes[-1].cause == "probe_overdue"
    late.settle(SUCCESS)
    assert breaker.snapshot() == replace(now, stale_results=1)


def test_a_free_permit_is_used_before_a_probe_counts_as_overdue(clock: FakeClock) -> None:
    breaker = half_open(clock)
    breaker.acquire()
    clock.pass_by(60)
    breaker.acquire()
    breaker.acquire()
    assert (breaker.snapshot().state, breaker.snapshot().probes_taken) == ("half_open", 3)


# ---- The open wait --------------------------------------------------------------------------------------------------


def waits_of(clock: FakeClock, random: Callable[[], float], reopenings: int) -> list[float]:
    breaker = CircuitBreaker("service", clock=clock, random=random)
    results(breaker, clock, FAILURE, 5)
    waits = []
    for _ in range(reopenings + 1):
        wait_s = breaker.snapshot().next_probe_in_s
        assert wait_s is not None
        waits.append(wait_s)
        clock.pass_by(wait_s + 1e-6)
        result(breaker, clock, FAILURE)
    return waits


def test_the_open_wait_doubles_up_to_its_cap(clock: FakeClock) -> None:
    """Property 15; a thousand reopenings do not overflow it."""
    assert waits_of(clock, lambda: 0.5, 5) == pytest.approx([5, 10, 20, 40, 50, 50])
    assert waits_of(clock, lambda: 1.0, 5) == pytest.approx([6, 12, 24, 48, 60, 60])
    assert waits_of(clock, lambda: 0.5, 1100)[-1] == pytest.approx(50)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_the_open_wait_is_spread_by_a_fifth_to_either_side(numbers: list[float]) -> None:
    """Property 15: this includes the longest wait, which stays below its cap."""
    random = iter([*numbers, 0.5])
    waits = waits_of(FakeClock(), lambda: next(random), 7)
    for nominal_s, number, wait_s in zip([5, 10, 20, 40, 50, 50, 50, 50], numbers, waits, strict=True):
        assert wait_s == pytest.approx(nominal_s * (0.8 + 0.4 * number))
        assert wait_s <= OPTIONS.max_open_wait_s + 1e-9


def test_after_it_has_closed_the_open_wait_is_short_again(clock: FakeClock) -> None:
    """Property 15."""
    breaker = half_open(clock)
    result(breaker, clock, FAILURE)
    assert breaker.snapshot().next_probe_in_s == 10
    clock.pass_by(10)
    results(breaker, clock, SUCCESS, 3)
    results(breaker, clock, FAILURE, 5)
    assert breaker.snapshot().next_probe_in_s == 5
