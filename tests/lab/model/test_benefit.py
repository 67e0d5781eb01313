"""What a replica costs, compared with what it buys."""

import pytest

from lab.model.assumptions import Assumption, Assumptions, read_assumptions
from lab.model.benefit import benefit_table, share_of_pairs
from lab.model.months import simulate
from lab.model.prices import Prices
from lab.model.shortfall import shortfall

PRICES = Prices(task=10, fixed=50)


def assuming(**values: float) -> Assumptions:
    given = {name: Assumption(value=value, kind="assumed", why="a test") for name, value in values.items()}
    return read_assumptions().model_copy(update=given)


# Failures so frequent that few months are enough.
ROWS = benefit_table(assuming(mtbf_days=1), PRICES, seed=1, months=200).rows


def test_the_bill_grows_by_one_task_and_the_search_has_fixed_costs_too() -> None:
    assert [row["tasks_usd"] for row in ROWS] == [10, 20, 30, 40]
    assert [row["search_usd"] for row in ROWS] == [60, 70, 80, 90]
    assert [row["tasks_more"] for row in ROWS] == [None, *map(pytest.approx, (1, 1 / 2, 1 / 3))]
    assert [row["search_more"] for row in ROWS] == [None, *map(pytest.approx, (10 / 60, 10 / 70, 10 / 80))]


@pytest.mark.parametrize("state", ["down", "degraded"])
def test_an_avoided_minute_costs_the_task_divided_by_the_minutes(state: str) -> None:
    two, three = ROWS[1], ROWS[2]
    price = three[f"usd_per_{state}_min"]
    assert price.mean == pytest.approx(10 / (two[f"{state}_min"].mean - three[f"{state}_min"].mean))
    assert price.low < price.mean < price.high


def test_the_third_replica_avoids_what_the_formula_says_and_nearly_all_of_it_is_pairs() -> None:
    assumptions = assuming(mtbf_days=10, deployments_a_month=0)
    two, three = (simulate(assumptions.setting(count), 1000, seed=1).minutes("down").mean for count in (2, 3))
    exact = [shortfall(assumptions.setting(count), 1).minutes for count in (2, 3)]
    assert two - three == pytest.approx(exact[0] - exact[1], rel=0.2)
    assert 0.9 < share_of_pairs(assumptions) < 1
    assert share_of_pairs(assuming(share_pair=0)) == 0


def test_with_few_outages_neither_downtime_nor_its_price_is_shown() -> None:
    rows = benefit_table(assuming(mtbf_days=1000, deployments_a_month=0), PRICES, seed=1, months=200).rows
    assert {row["down_min"] for row in rows} == {row["usd_per_down_min"] for row in rows} == {None}
