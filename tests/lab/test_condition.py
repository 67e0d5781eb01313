"""Conditions mean what they say, and name measures that there are."""

import pytest

from lab.condition import Condition


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("failed == 0", 0, True),
        ("failed == 0", 1, False),
        ("during.customers.answered_share >= 0.999", 0.999, True),
        ("during.customers.answered_share >= 0.999", 0.9989, False),
        ("downtime_s < 1", 1, False),
        ("p99_ms <= 150", 150, True),
        ("time_to_recover_s > 3", 3, False),
        ("orders_lost != 0", 1, True),
        ("failed==0", 0, True),
    ],
)
def test_a_condition_compares_the_measure_with_the_number(text: str, value: float, holds: bool) -> None:
    condition = Condition.parse(text)
    assert condition.holds({condition.measure: value}) is holds


def test_what_was_not_measured_fulfils_nothing() -> None:
    assert not Condition.parse("p99_ms < 100").holds({})
    assert not Condition.parse("p99_ms != 100").holds({"p99_ms": None})


def test_never_asks_whether_it_happened_at_all() -> None:
    never = Condition.parse("breaker.customers.opened_after_s == never")
    assert never.holds({"breaker.customers.opened_after_s": None})
    assert not never.holds({"breaker.customers.opened_after_s": 0.3})
    assert Condition.parse("time_to_full_capacity_s != never").holds({"time_to_full_capacity_s": 2})


@pytest.mark.parametrize(
    "text", ["failed", "failed = 0", "failed == nothing", "0 == failed", "failed == 0 and true", ""]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write a measure, a sign and a number"):
        Condition.parse(text)


@pytest.mark.parametrize(
    "name", ["fialed", "during.fialed", "customers.during.failed", "breaker.lb.openings", "p98_ms"]
)
def test_a_measure_that_no_run_can_have_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"no measure called {name}"):
        Condition.parse(f"{name} == 0")


def test_never_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="never"):
        Condition.parse("downtime_s < never")
