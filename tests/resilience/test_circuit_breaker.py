"""The breaker alone: what opens it, what closes it, and what does nothing to it."""

import time as wall
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resilience
from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
from resilience.events import Event
from resilience.outcome import Outcome
from tests.resilience.breakers import FAILURE, IGNORED, OPTIONS, SUCCESS, breaker_in, half_open, opened, result, results
from tests.resilience.conftest import FakeTime
from tests.resilience.service import fail, outcome, succeed

# ---- What opens it --------------------------------------------------------------------------------------------------


def test_consecutive_failures_open_it_and_a_success_starts_the_count_anew(time: FakeTime) -> None:
    breaker = breaker_in(time)
    results(breaker, time, FAILURE, 4)
    results(breaker, time, SUCCESS, 5)
    results(breaker, time, FAILURE, 4)
    assert breaker.snapshot().state == "closed"
    results(breaker, time, IGNORED, 3)
    result(breaker, time, FAILURE)
    assert breaker.snapshot().state == "open"


def test_half_of_at_least_twenty_calls_failing_opens_it(time: FakeTime) -> None:
    breaker = breaker_in(time)
    for _ in range(9):
        results(breaker, time, FAILURE, 1)
        results(breaker, time, SUCCESS, 1)
    result(breaker, time, FAILURE)
    assert breaker.snapshot().state == "closed", "only 19 calls so far"
    result(breaker, time, SUCCESS)
    assert breaker.snapshot().state == "open"


def test_less_than_half_failing_does_not(time: FakeTime) -> None:
    breaker = breaker_in(time)
    for _ in range(200):
        results(breaker, time, SUCCESS, 2)
        results(breaker, time, FAILURE, 1)
        time.pass_by(0.1)
    assert breaker.snapshot().state == "closed"


def test_a_burst_of_failures_across_any_edge_of_the_window_opens_it(time: FakeTime) -> None:
    """Property 12: a window that forgets everything at its end would see ten failures twice, and stay closed."""
    options = replace(OPTIONS, consecutive_failures=1000)
    for tenth in range(110):
        breaker = breaker_in(time, options)
        time.pass_by(tenth / 10)
        for _ in range(20):
            assert breaker.snapshot().state == "closed"
            result(breaker, time, FAILURE)
            time.pass_by(0.05)
        assert breaker.snapshot().state == "open", tenth


def test_calls_that_are_all_slow_open_it_though_none_failed(time: FakeTime) -> None:
    """Property 13."""
    breaker = breaker_in(time)
    permits = [breaker.permit() for _ in range(20)]
    time.pass_by(1)
    for permit in permits[:-1]:
        permit.settle(SUCCESS)
    assert breaker.snapshot().state == "closed"
    assert breaker.snapshot().slow_call_rate == 1
    permits[-1].settle(SUCCESS)
    assert breaker.snapshot().state == "open"


def test_one_fast_call_among_the_slow_keeps_it_closed(time: FakeTime) -> None:
    breaker = breaker_in(time)
    permits = [breaker.permit() for _ in range(40)]
    result(breaker, time, SUCCESS)
    time.pass_by(1)
    for permit in permits:
        permit.settle(SUCCESS)
    assert breaker.snapshot().state == "closed"


@given(st.lists(st.sampled_from(Outcome), max_size=80))
def test_ignored_outcomes_count_for_nothing(outcomes: list[Outcome]) -> None:
    time = FakeTime()
    everything, without = breaker_in(time), breaker_in(time)
    for each in outcomes:
        for breaker in (everything, without):
            if breaker.snapshot().state == "closed" and (each is not IGNORED or breaker is everything):
                result(breaker, time, each)
    assert everything.snapshot() == without.snapshot()


# ---- Open and half-open ---------------------------------------------------------------------------------------------


def test_while_open_it_says_how_long_to_wait(time: FakeTime) -> None:
    breaker = opened(time)
    time.pass_by(1)
    with pytest.raises(CircuitOpen) as raised:
        breaker.permit()
    assert raised.value.retry_after_s == 4
    assert raised.value.reason == "circuit_open"
    assert str(raised.value) == "the circuit of service is open"


@pytest.mark.parametrize("listeners", [False, True])
@given(callers=st.integers(1, 50))
def test_of_all_who_come_as_the_wait_ends_only_the_permitted_calls_get_through(listeners: bool, callers: int) -> None:
    """Property 3, for the breaker; the pipeline's is in test_pipeline.py."""
    time = FakeTime()
    events: list[Event] = []
    breaker = opened(time, events.append if listeners else None)
    time.pass_by(5)
    through = 0
    for _ in range(callers):
        with suppress(CircuitOpen):
            breaker.acquire(time.clock())
            through += 1
    assert through == min(callers, 3)
    assert breaker.snapshot().state == "half_open"


def test_when_all_probes_succeed_it_closes_and_knows_nothing_of_the_past(time: FakeTime) -> None:
    breaker = half_open(time)
    results(breaker, time, SUCCESS, 2)
    assert breaker.snapshot().state == "half_open"
    result(breaker, time, SUCCESS)
    now = breaker.snapshot()
    assert (now.state, now.calls, now.consecutive_failures) == ("closed", 0, 0)


def test_one_failed_probe_opens_it_again(time: FakeTime) -> None:
    breaker = half_open(time)
    results(breaker, time, SUCCESS, 2)
    result(breaker, time, FAILURE)
    assert breaker.snapshot().state == "open"


def test_probes_that_are_all_slow_open_it_again(time: FakeTime) -> None:
    breaker = half_open(time)
    for _ in range(3):
        result(breaker, time, SUCCESS, duration_s=1)
    assert breaker.snapshot().state == "open"


@pytest.mark.parametrize(("slow", "after"), [(1, "closed"), (2, "open")])
def test_the_slow_call_rate_holds_for_probes_too(time: FakeTime, slow: int, after: str) -> None:
    breaker = breaker_in(time, replace(OPTIONS, slow_call_rate=0.5))
    results(breaker, time, FAILURE, 5)
    time.pass_by(5)
    for number in range(3):
        result(breaker, time, SUCCESS, duration_s=1 if number < slow else 0)
    assert breaker.snapshot().state == after


def test_who_is_turned_away_while_probes_are_under_way_may_come_back_at_once(time: FakeTime) -> None:
    breaker = half_open(time)
    for _ in range(3):
        breaker.permit()
    with pytest.raises(CircuitOpen) as raised:
        breaker.permit()
    assert raised.value.retry_after_s == 0


@given(st.lists(st.sampled_from([SUCCESS, IGNORED]), max_size=30))
def test_ignored_probes_never_wedge_half_open(outcomes: list[Outcome]) -> None:
    """Property 2: whatever is ignored, and wherever, three successes close it."""
    time = FakeTime()
    breaker = half_open(time)
    successes = 0
    for each in [*outcomes, IGNORED, SUCCESS, SUCCESS, SUCCESS]:
        if successes == 3:
            break
        result(breaker, time, each)
        successes += each is SUCCESS
        assert breaker.snapshot().state == ("closed" if successes == 3 else "half_open")
    assert breaker.snapshot().state == "closed"


def test_an_ignored_probe_gives_its_permit_back_while_others_are_under_way(time: FakeTime) -> None:
    breaker = half_open(time)
    first, second, last = breaker.permit(), breaker.permit(), breaker.permit()
    first.settle(SUCCESS)
    second.settle(SUCCESS)
    last.settle(IGNORED)
    breaker.permit().settle(SUCCESS)
    assert breaker.snapshot().state == "closed"


# ---- Generations ----------------------------------------------------------------------------------------------------


@given(
    late=st.lists(st.sampled_from(Outcome), min_size=1, max_size=40), slow=st.booleans(), generations=st.integers(1, 4)
)
def test_results_of_an_older_generation_change_nothing_and_are_counted(
    late: list[Outcome], slow: bool, generations: int
) -> None:
    """Property 4."""
    time = FakeTime()
    events: list[Event] = []
    breaker = breaker_in(time, listen=events.append)
    permits = [breaker.permit() for _ in late]
    results(breaker, time, FAILURE, 5)
    if generations >= 2:
        time.pass_by(5)
        probes = [breaker.permit()]
    if generations >= 3:
        probes += [breaker.permit(), breaker.permit()]
        for probe in probes:
            probe.settle(SUCCESS)
    if generations >= 4:
        breaker.disable()
        breaker.watch_only()
    if slow:
        time.pass_by(2)
    before, told = breaker.snapshot(), list(events)
    for permit, each in zip(permits, late, strict=True):
        permit.settle(each)
    results_late = sum(each is not IGNORED for each in late)
    assert breaker.snapshot() == replace(before, stale_results=results_late)
    assert events == told


def test_failures_that_come_home_after_it_opened_announce_it_once(time: FakeTime) -> None:
    """Property 4: no second 'opened' event, and the wait is not prolonged."""
    events: list[Event] = []
    breaker = breaker_in(time, listen=events.append)
    permits = [breaker.permit() for _ in range(50)]
    for permit in permits:
        permit.settle(FAILURE)
        time.pass_by(0.01)
    assert len(events) == 1
    assert breaker.snapshot().opened == 1
    assert breaker.snapshot().stale_results == 45


def test_a_permit_settles_once(time: FakeTime) -> None:
    breaker = half_open(time)
    permit = breaker.permit()
    permit.settle(SUCCESS)
    with pytest.raises(RuntimeError):
        permit.settle(SUCCESS)
    assert breaker.snapshot().probes_taken == 1


# ---- The open wait --------------------------------------------------------------------------------------------------


def waits_of(time: FakeTime, dice: Callable[[], float], reopenings: int) -> list[float]:
    breaker = CircuitBreaker("service", clock=time.clock, random=dice)
    results(breaker, time, FAILURE, 5)
    waits = []
    for _ in range(reopenings + 1):
        wait_s = breaker.snapshot().next_probe_in_s
        assert wait_s is not None
        waits.append(wait_s)
        time.pass_by(wait_s + 1e-6)
        result(breaker, time, FAILURE)
    return waits


def test_the_open_wait_doubles_up_to_its_cap(time: FakeTime) -> None:
    """Property 15."""
    assert waits_of(time, lambda: 0.5, 5) == pytest.approx([5, 10, 20, 40, 50, 50])
    assert waits_of(time, lambda: 1.0, 5) == pytest.approx([6, 12, 24, 48, 60, 60])


def test_a_thousand_reopenings_do_not_overflow(time: FakeTime) -> None:
    assert waits_of(time, lambda: 0.5, 1100)[-1] == pytest.approx(50)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_the_open_wait_is_jittered_by_a_fifth_to_either_side(dice: list[float]) -> None:
    """Property 15: the longest wait too, which with its jitter is no longer than it may be."""
    shown = iter([*dice, 0.5])
    waits = waits_of(FakeTime(), lambda: next(shown), 7)
    for nominal_s, die, wait_s in zip([5, 10, 20, 40, 50, 50, 50, 50], dice, waits, strict=True):
        assert wait_s == pytest.approx(nominal_s * (0.8 + 0.4 * die))
        assert wait_s <= OPTIONS.max_open_wait_s + 1e-9


def test_the_open_wait_starts_anew_once_it_has_closed(time: FakeTime) -> None:
    """Property 15."""
    breaker = half_open(time)
    result(breaker, time, FAILURE)
    assert breaker.snapshot().next_probe_in_s == 10
    time.pass_by(10)
    results(breaker, time, SUCCESS, 3)
    results(breaker, time, FAILURE, 5)
    assert breaker.snapshot().next_probe_in_s == 5


# ---- Clocks ---------------------------------------------------------------------------------------------------------


async def test_the_wall_clock_set_back_an_hour_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Property 6, with the clock that a breaker has when nobody gives it one."""
    breaker = CircuitBreaker("service", replace(OPTIONS, open_wait_s=3600, max_open_wait_s=3600))
    for _ in range(5):
        await outcome(breaker.call(fail))
    before = breaker.snapshot()
    real = wall.time
    monkeypatch.setattr(wall, "time", lambda: real() - 3600)
    after = breaker.snapshot()
    assert before.next_probe_in_s is not None
    assert after.next_probe_in_s is not None
    assert 0 <= before.next_probe_in_s - after.next_probe_in_s < 60
    assert await outcome(breaker.call(succeed)) is CircuitOpen


@pytest.mark.parametrize("leap_s", [1e6, 1e9])
@pytest.mark.parametrize("before", ["closed", "open", "half_open"])
def test_a_leap_of_the_monotonic_clock_leaves_it_working(time: FakeTime, leap_s: float, before: str) -> None:
    breaker = breaker_in(time) if before == "closed" else half_open(time) if before == "half_open" else opened(time)
    late = breaker.permit() if before != "open" else None
    time.pass_by(leap_s)
    if late is not None:
        late.settle(IGNORED)
    results(breaker, time, SUCCESS, 3)
    assert breaker.snapshot().state == "closed"
    results(breaker, time, FAILURE, 5)
    assert breaker.snapshot().state == "open"


def test_no_pattern_reads_the_wall_clock() -> None:
    """Property 6."""
    for path in Path(resilience.__file__).parent.glob("*.py"):
        source = path.read_text()
        for word in ("datetime", "time.time", "import time\n", "from time import time", "perf_counter"):
            assert word not in source, f"{path.name} has {word!r}"
