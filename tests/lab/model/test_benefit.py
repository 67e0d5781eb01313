"""What a replica costs, beside what it buys."""

import pytest

from lab.model.assumptions import Assumption, Assumptions, read_assumptions
from lab.model.benefit import benefit, share_of_pairs, third_replica
from lab.model.prices import Prices
from lab.model.shortfall import shortfall

PRICES = Prices(task=10, fixed=50)


def assuming(**values: float) -> Assumptions:
    given = {name: Assumption(value=value, kind="assumed", why="a test") for name, value in values.items()}
    return read_assumptions().model_copy(update=given)


# So frequent that a few months tell.
ROWS = benefit(assuming(mtbf_days=1), PRICES, seed=1, months=400).rows


def test_the_bill_grows_by_a_task_each_and_the_search_pays_for_more_than_tasks() -> None:
    assert [row["tasks_usd"] for row in ROWS] == [10, 20, 30, 40]
    assert [row["search_usd"] for row in ROWS] == [60, 70, 80, 90]
    assert [row["tasks_more"] for row in ROWS] == [None, *map(pytest.approx, (1, 1 / 2, 1 / 3))]
    assert [row["search_more"] for row in ROWS] == [None, *map(pytest.approx, (10 / 60, 10 / 70, 10 / 80))]


def test_a_minute_costs_the_task_over_the_minutes_that_it_avoids() -> None:
    two, three = ROWS[1], ROWS[2]
    avoided = two["down_min"].mean - three["down_min"].mean
    assert three["down_avoided_min"].mean == pytest.approx(avoided)
    assert three["usd_per_down_min"].mean == pytest.approx(10 / avoided)
    degraded = two["degraded_min"].mean - three["degraded_min"].mean
    assert three["usd_per_degraded_min"].mean == pytest.approx(10 / degraded)


def test_the_price_is_as_uncertain_as_what_it_buys() -> None:
    price, avoided = ROWS[2]["usd_per_down_min"], ROWS[2]["down_avoided_min"]
    assert (price.low, price.high) == (pytest.approx(10 / avoided.high), pytest.approx(10 / avoided.low))
    assert price.low < price.mean < price.high


def test_what_the_third_replica_avoids_is_what_the_formula_says_and_nearly_all_of_it_pairs() -> None:
    assumptions = assuming(mtbf_days=10, deployments_a_month=0)
    avoided = benefit(assumptions, PRICES, seed=1, months=2000, replicas=3).rows[2]["down_avoided_min"]
    two, three = (shortfall(assumptions.setting(count), 1).minutes for count in (2, 3))
    assert abs(avoided.mean - (two - three)) < avoided.high - avoided.low
    assert 0.9 < share_of_pairs(assumptions) < 1
    assert share_of_pairs(assuming(share_pair=0)) == 0


def test_it_goes_as_far_as_it_is_asked_to() -> None:
    rows = benefit(assuming(mtbf_days=1), PRICES, seed=1, months=40, replicas=6).rows
    assert [row["replicas"] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_what_cannot_be_told_from_nothing_has_no_price() -> None:
    rows = benefit(assuming(mtbf_days=1000, deployments_a_month=0), PRICES, seed=1, months=400).rows
    assert (rows[3]["down_avoided_min"], rows[3]["usd_per_down_min"]) == (None, None)


def test_the_rarer_the_failures_the_dearer_each_minute_of_degraded_service() -> None:
    rows = [
        row for row in third_replica(read_assumptions(), PRICES, 1, 8000).rows if row["common_causes"] == "as assumed"
    ]
    prices = [row["usd_per_degraded_min"].mean for row in rows]
    assert len(prices) == 4
    assert prices == sorted(prices)


def test_without_common_causes_the_third_replica_buys_hardly_any_downtime() -> None:
    by_name = {
        row["common_causes"]: row
        for row in third_replica(read_assumptions(), PRICES, 1, 8000).rows
        if row["mtbf_days"] == 1
    }
    assert by_name["none"]["two_down_min"].high < by_name["as assumed"]["two_down_min"].low
