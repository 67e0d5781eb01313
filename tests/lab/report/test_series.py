"""What a timeline draws is what the data says."""

from lab.findings import FaultDone, Phase, Verdict
from lab.report import series
from lab.report.series import Interval
from tests.lab.report.results import breakers, down, replicas, run, second, side


def test_the_outcomes_of_a_second_are_all_that_was_sent() -> None:
    rows = [second(3, fresh=5), second(4, fresh=1, degraded=2, rejected=3, failed=4), second(6, fresh=0, failed=7)]
    drawn = series.outcomes(rows)
    assert drawn.from_s == 3
    assert drawn.fresh == [5, 1, 0, 0]
    assert drawn.degraded == [0, 2, 0, 0]
    assert drawn.rejected == [0, 3, 0, 0]
    assert drawn.failed == [0, 4, 0, 7]
    assert drawn.sent == [5, 10, 0, 7]
    assert [each for each in drawn.sent if each] == [each.sent for each in rows]


def test_without_seconds_there_is_nothing_to_draw() -> None:
    assert series.outcomes([]).sent == []


def test_a_replica_is_in_the_state_last_seen() -> None:
    looks = [
        replicas(1, products_1="ready", products_2="ready"),
        replicas(2, products_1="ready", products_2="stopped"),
        replicas(3, products_1="ready", products_2="stopped"),
        replicas(4, products_1="ready", products_2="starting"),
        replicas(5, products_1="ready", products_2="ready"),
    ]
    assert series.replica_states(looks, 8) == {
        "products-1": [Interval(1, 8, "ready")],
        "products-2": [
            Interval(1, 2, "ready"),
            Interval(2, 4, "stopped"),
            Interval(4, 5, "starting"),
            Interval(5, 8, "ready"),
        ],
    }


def test_a_replica_that_was_not_there_has_no_state() -> None:
    looks = [replicas(0, products_10="ready"), replicas(2, products_9="ready"), replicas(4, products_10="ready")]
    states = series.replica_states(looks, 6)
    assert list(states) == ["products-9", "products-10"]
    assert states["products-9"] == [Interval(2, 4, "ready")]
    assert states["products-10"] == [Interval(0, 2, "ready"), Interval(4, 6, "ready")]


def test_breakers_are_named_after_their_gateway_where_there_are_several() -> None:
    alone = [breakers(0, gateway_1={"orders": "closed"}), breakers(2, gateway_1={"orders": "open"})]
    assert series.breaker_states(alone, 3) == {"orders": [Interval(0, 2, "closed"), Interval(2, 3, "open")]}
    both = [breakers(0, gateway_1={"orders": "closed"}, gateway_2={"orders": "open"}), breakers(1)]
    assert series.breaker_states(both, 3) == {
        "orders, gateway-1": [Interval(0, 1, "closed")],
        "orders, gateway-2": [Interval(0, 1, "open")],
    }


def test_replicas_that_were_ready_all_the_time_are_shown_only_beside_one_that_was_struck() -> None:
    looks = [
        replicas(0, products_1="ready", products_2="ready", orders_1="ready", customers_1="ready"),
        replicas(3, products_1="ready", products_2="ready", orders_1="ready", customers_1="not_ready"),
    ]
    fault = FaultDone(kind="latency", targets=["products-2"], what="", from_s=1, to_s=2)
    shown = series.notable(series.replica_states(looks, 5), run(states=looks, faults=[fault]))
    assert list(shown) == ["customers-1", "products-1", "products-2"]


def test_the_axis_ends_with_the_load() -> None:
    assert series.end_s(run(phases=[Phase(name="after", from_s=0, to_s=8.2)], faults=[])) == 8.2
    assert series.end_s(run(phases=[], faults=[])) == 9
    assert series.end_s(run(phases=[], faults=[], seconds=[])) == 1


def test_the_run_nearest_to_the_medians_stands_for_a_side() -> None:
    assert series.typical(side("on", down(9, 90), down(5, 50), down(4, 40))) == 1
    assert series.typical(side("on", down(5, 50))) == 0
    assert series.typical(side("on", down(5, 50), down(5, 50))) == 0
    assert series.typical(side("on", down(0, 0, Verdict.INVALID), down(5, 50))) == 1
