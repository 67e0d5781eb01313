"""The breaker alone: what opens it, what closes it, and what changes nothing."""

import time as wall
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

# ---- What opens it --------------------------------------------------------------------------------------------------


def test_consecutive_failures_open_it_and_a_success_starts_a_new_count(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    results(breaker, clock, FAILURE, 4)
    results(breaker, clock, SUCCESS, 5)
    results(breaker, clock, FAILURE, 4)
    assert breaker.snapshot().state == "closed"
    results(breaker, clock, IGNORED, 3)
    result(breaker, clock, FAILURE)
    assert breaker.snapshot().state == "open"


def test_a_success_ends_a_run_of_failures_that_the_window_has_forgotten(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    for _ in range(2):
        results(breaker, clock, FAILURE, 4)
        clock.pass_by(11)
        assert breaker.snapshot().calls == 0
        result(breaker, clock, SUCCESS)
    assert breaker.snapshot().state == "closed"


def test_it_opens_if_half_of_at_least_twenty_calls_fail(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    for _ in range(9):
        results(breaker, clock, FAILURE, 1)
        results(breaker, clock, SUCCESS, 1)
    result(breaker, clock, FAILURE)
    assert breaker.snapshot().state == "closed", "only 19 calls so far"
    result(breaker, clock, SUCCESS)
    assert breaker.snapshot().state == "open"


def test_it_stays_closed_if_less_than_half_of_the_calls_fail(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    for _ in range(200):
        results(breaker, clock, SUCCESS, 2)
        results(breaker, clock, FAILURE, 1)
        clock.pass_by(0.1)
    assert breaker.snapshot().state == "closed"


def test_a_burst_of_failures_across_any_edge_of_the_window_opens_it(clock: FakeClock) -> None:
    """Property 12: a window that forgets everything at its end would see ten failures twice, and stay closed."""
    options = replace(OPTIONS, consecutive_failures=1000)
    for tenth in range(110):
        breaker = breaker_in(clock, options)
        clock.pass_by(tenth / 10)
        for _ in range(20):
            assert breaker.snapshot().state == "closed"
            result(breaker, clock, FAILURE)
            clock.pass_by(0.05)
        assert breaker.snapshot().state == "open", tenth


def test_it_opens_if_all_calls_are_slow_although_none_failed(clock: FakeClock) -> None:
    """Property 13."""
    breaker = breaker_in(clock)
    permits = [breaker.acquire() for _ in range(20)]
    clock.pass_by(1)
    for permit in permits[:-1]:
        permit.settle(SUCCESS)
    assert (breaker.snapshot().state, breaker.snapshot().slow_call_rate) == ("closed", 1)
    permits[-1].settle(SUCCESS)
    assert breaker.snapshot().state == "open"


def test_one_fast_call_among_the_slow_ones_keeps_it_closed(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    permits = [breaker.acquire() for _ in range(40)]
    result(breaker, clock, SUCCESS)
    clock.pass_by(1)
    for permit in permits:
        permit.settle(SUCCESS)
    assert breaker.snapshot().state == "closed"


def test_a_fast_call_that_completes_the_minimum_can_open_it_for_the_slow_ones(clock: FakeClock) -> None:
    breaker = breaker_in(clock, replace(OPTIONS, slow_call_rate=0.5, window_s=100))
    for number in range(20):
        assert breaker.snapshot().state == "closed"
        result(breaker, clock, SUCCESS, duration_s=1 if number < 10 else 0)
    assert breaker.snapshot().state == "open"


def test_failures_that_may_be_about_the_request_neither_add_to_the_run_of_failures_nor_end_it(
    clock: FakeClock,
) -> None:
    breaker = breaker_in(clock)
    results(breaker, clock, FAILURE, 4)
    results(breaker, clock, REQUEST_FAILURE, 15)
    now = breaker.snapshot()
    assert (now.state, now.consecutive_failures) == ("closed", 4)
    result(breaker, clock, FAILURE)
    assert breaker.snapshot().state == "open"


def test_failures_that_may_be_about_the_request_count_towards_the_failure_rate(clock: FakeClock) -> None:
    breaker = breaker_in(clock)
    results(breaker, clock, SUCCESS, 10)
    results(breaker, clock, REQUEST_FAILURE, 9)
    assert breaker.snapshot().state == "closed"
    result(breaker, clock, REQUEST_FAILURE)
    assert breaker.snapshot().state == "open"


@given(st.lists(st.sampled_from(Outcome), max_size=80))
def test_ignored_outcomes_count_for_nothing(outcomes: list[Outcome]) -> None:
    clock = FakeClock()
    everything, without = breaker_in(clock), breaker_in(clock)
    for outcome in outcomes:
        for breaker in (everything, without):
            if breaker.snapshot().state == "closed" and (outcome is not IGNORED or breaker is everything):
                result(breaker, clock, outcome)
    assert everything.snapshot() == without.snapshot()


# ---- Open and half-open ---------------------------------------------------------------------------------------------


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


# ---- Generations ----------------------------------------------------------------------------------------------------


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


# ---- Clocks ---------------------------------------------------------------------------------------------------------


def test_the_wall_clock_set_back_an_hour_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Property 6, with the default clock of a breaker."""
    breaker = CircuitBreaker("service", replace(OPTIONS, open_wait_s=3600, max_open_wait_s=3600))
    for _ in range(5):
        breaker.acquire().settle(FAILURE)
    before = breaker.snapshot().next_probe_in_s
    real = wall.time
    monkeypatch.setattr(wall, "time", lambda: real() - 3600)
    after = breaker.snapshot().next_probe_in_s
    assert before is not None
    assert after is not None
    assert 0 <= before - after < 60
    with pytest.raises(CircuitOpen):
        breaker.acquire()


@pytest.mark.parametrize("leap_s", [1e6, 1e9])
@pytest.mark.parametrize("before", ["closed", "open", "half_open"])
def test_it_works_after_a_leap_of_the_monotonic_clock(clock: FakeClock, leap_s: float, before: str) -> None:
    breaker = breaker_in(clock) if before == "closed" else half_open(clock) if before == "half_open" else opened(clock)
    late = breaker.acquire() if before != "open" else None
    clock.pass_by(leap_s)
    if late is not None:
        late.settle(IGNORED)
    results(breaker, clock, SUCCESS, 3)
    assert breaker.snapshot().state == "closed"
    results(breaker, clock, FAILURE, 5)
    assert breaker.snapshot().state == "open"
