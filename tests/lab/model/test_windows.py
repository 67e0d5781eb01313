"""Formulas of windows and retries, compared with counting."""

from random import Random

import pytest

from lab.model.assumptions import read_assumptions
from lab.model.retries import calls, retries_table
from lab.model.setting import DAY_S, Setting
from lab.model.windows import second_failure, windows_table


@pytest.mark.parametrize("replicas", [2, 30])
def test_a_second_failure_falls_into_the_window_as_often_as_in_random_draws(replicas: int) -> None:
    setting, random, draws = Setting(replicas, mtbf_s=DAY_S), Random(2), 100_000
    others_per_s = (replicas - 1) / setting.mtbf_s
    hits = sum(random.expovariate(others_per_s) < setting.replacement.draw(random) for _ in range(draws))
    assert hits / draws == pytest.approx(second_failure(setting), rel=0.2)


def test_failures_grow_with_the_fleet() -> None:
    assumptions = read_assumptions()
    rows = {row["replicas"]: row for row in windows_table(assumptions).rows}
    assert rows[30]["failures_a_day"] == pytest.approx(30 / assumptions.mtbf_days.value)
    assert rows[3000]["days_between"] < 1 < rows[30]["days_between"]


def deepest_calls(tiers: int, retries: int) -> int:
    """Counts the calls of the last tier, when each tier repeats every call."""
    return 1 if tiers == 0 else sum(deepest_calls(tiers - 1, retries) for _ in range(1 + retries))


@pytest.mark.parametrize("tiers", [1, 2, 4])
@pytest.mark.parametrize("retries", [0, 1, 2])
def test_retries_multiply_as_counted(tiers: int, retries: int) -> None:
    assert calls(tiers, retries) == deepest_calls(tiers, retries)


def test_a_budget_keeps_five_tiers_below_one_tier_without() -> None:
    rows = retries_table().rows
    assert rows[4]["with_budget"] < rows[0]["at_every_tier"]
