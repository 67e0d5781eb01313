"""What opens the circuit breaker, and what leaves it closed."""

import time as wall
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
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
