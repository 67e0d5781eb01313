"""The board: figures, shares, history and what it believes of those that say nothing."""

from typing import Any

import pytest

from resilience.pipeline_state import Switches
from services.dashboard.board import HISTORY_S
from services.dashboard.exposition import Counts
from services.dashboard.reading import Reading
from services.dashboard.visits import Visit
from tests.services.dashboard.looks import Watched, patterns, readings, visits

HANG = {"kind": "hang", "for_s": 60.0, "rate": 1.0, "left_s": 52.0}


def replica(watched: Watched, name: str) -> Any:
    return next(each for each in watched.board.state["replicas"] if each["name"] == name)


def counted(**requests: float) -> dict[str, dict[str, Any]]:
    return {name: {"counts": Counts(count, 0, ())} for name, count in requests.items()}


def test_each_replica_has_its_share_of_the_service_s_traffic() -> None:
    watched = Watched()
    watched.look(readings(**counted(products_1=10, products_2=30, products_3=0)))
    assert [replica(watched, f"products-{number}")["share"] for number in (1, 2, 3)] == [0.25, 0.75, 0.0]


def test_a_killed_replica_shows_no_traffic_at_once() -> None:
    watched = Watched()
    watched.look(readings(**counted(products_1=10, products_2=10)))
    watched.look(readings(products_1={"state": "down", "counts": None, "faults": None}, **counted(products_2=20)))
    assert replica(watched, "products-1")["rate"] == 0
    assert replica(watched, "products-2")["share"] == 1.0


def test_a_replica_whose_address_has_vanished_stays_as_gone_for_two_minutes() -> None:
    watched = Watched()
    left = [each for each in readings() if each.name != "products-3"]
    watched.look(left, seconds=119)
    assert replica(watched, "products-3")["state"] == "gone"
    watched.look(left, seconds=3)
    assert "products-3" not in [each["name"] for each in watched.board.state["replicas"]]


def test_a_replica_knows_how_long_it_has_been_in_its_state() -> None:
    watched = Watched()
    watched.look(readings(products_1={"state": "silent"}), seconds=5)
    assert replica(watched, "products-1")["since_s"] == 4.0


def test_replicas_stand_in_the_order_of_their_numbers() -> None:
    watched = Watched()
    watched.look([*readings(), Reading("products-10", "products", "ready")])
    names = [each["name"] for each in watched.board.state["replicas"] if each["service"] == "products"]
    assert names == ["products-1", "products-2", "products-3", "products-10"]


def test_a_fault_that_is_missing_in_a_reading_stays_for_its_remaining_time() -> None:
    watched = Watched()
    watched.look(readings(customers_1={"faults": (HANG,)}))
    state = watched.look(readings(customers_1={"state": "silent", "faults": None}), seconds=2)
    assert [(fault["target"], fault["left_s"]) for fault in state["faults"]] == [("customers-1", 50.0)]
    assert watched.look(readings(customers_1={"state": "silent", "faults": None}), seconds=50)["faults"] == []


def test_the_faults_of_a_dead_process_died_with_it() -> None:
    watched = Watched()
    watched.look(readings(customers_1={"faults": (HANG,)}))
    assert watched.look(readings(customers_1={"state": "down", "faults": None}))["faults"] == []


def test_patterns_without_a_report_are_unknown_after_three_seconds() -> None:
    watched = Watched()
    silent = {"state": "silent", "patterns": None}
    assert watched.look(readings(gateway_1=silent), seconds=3)["patterns"]["timeouts"] is True
    assert watched.look(readings(gateway_1=silent))["patterns"]["timeouts"] is None


def test_gateways_that_differ_leave_a_pattern_undecided() -> None:
    watched = Watched()
    other = Reading("gateway-2", "gateway", "ready", patterns=patterns(Switches(bulkheads=False)))
    state = watched.look([*readings(), other])
    assert (state["patterns"]["bulkheads"], state["patterns"]["retries"]) == (None, True)
    assert [gateway["name"] for gateway in state["gateways"]] == ["gateway-1", "gateway-2"]


def test_a_gateway_s_counts_become_rates() -> None:
    watched = Watched()
    reported = patterns()
    reported["dependencies"]["orders"]["rejected"]["circuit_open"] = 7
    reported["dependencies"]["orders"]["retry_budget"]["retried"] = 3
    orders = watched.look(readings(reported))["gateways"][0]["dependencies"]["orders"]
    assert (orders["rejected_rate"], orders["retries_rate"]) == (7.0, 3.0)


def test_the_history_is_two_minutes_long() -> None:
    watched = Watched()
    watched.look(seconds=HISTORY_S + 10)
    history = watched.board.full["history"]
    assert len(history) == HISTORY_S
    assert history[-1]["at"] - history[0]["at"] == HISTORY_S - 1


def test_a_point_of_the_history_has_everything_that_the_timeline_draws() -> None:
    watched = Watched()
    looks = readings(patterns(customers="open"), customers_1={"faults": (HANG,)})
    watched.look(looks, visits("stale", ("customers",)))
    point = watched.board.full["history"][-1]
    assert (point["answered"], point["stale"], point["failed"]) == (15, 5, 0)
    assert point["circuits"] == {"products": "closed", "customers": "open", "orders": "closed"}
    assert point["patterns"] == "on"
    assert point["faults"] == ["customers hang"]
    assert point["replicas"]["products-1"] == "ready"
    assert "lb-1" not in point["replicas"]
    assert point["p99_ms"]["orders"] == 10.0


def test_a_closed_breaker_through_which_nothing_went_is_idle_in_the_history() -> None:
    watched = Watched()
    reported = patterns(customers="open")
    for name in ("products", "customers"):
        reported["dependencies"][name]["circuit_breaker"]["calls"] = 0
    watched.look(readings(reported))
    circuits = watched.board.full["history"][-1]["circuits"]
    assert circuits == {"products": "idle", "customers": "open", "orders": "closed"}


def test_a_breaker_that_is_used_in_one_gateway_is_not_idle() -> None:
    watched, reported = Watched(), patterns()
    reported["dependencies"]["orders"]["circuit_breaker"]["calls"] = 0
    watched.look([*readings(reported), Reading("gateway-2", "gateway", "ready", patterns=patterns())])
    assert watched.board.full["history"][-1]["circuits"]["orders"] == "closed"


def test_news_hold_each_point_and_each_entry_once() -> None:
    watched = Watched()
    watched.board.news()
    watched.board.note("You did something.")
    watched.look()
    news = watched.board.news()
    assert len(news["history"]) == 1
    assert [entry["text"] for entry in news["log"]] == ["You did something."]
    watched.look()
    assert watched.board.news()["log"] == []


def test_a_page_that_comes_between_two_looks_gets_each_entry_once() -> None:
    watched = Watched()
    watched.board.news()
    watched.board.note("You did something.")
    first = watched.board.for_a_new_page
    watched.look()
    logged = [entry["text"] for entry in (*first["log"], *watched.board.news()["log"])]
    assert logged == ["The dashboard began to watch.", "You did something."]


def test_visitors_say_which_replica_served_them_and_only_replicas_are_named() -> None:
    watched = Watched()
    names = ["products-3", "products-1", "products-3", "somebody-else", ""]
    came = [Visit("search", "answered", 5.0, served_by=name) for name in names]
    visitors = watched.look(came=came)["visitors"]
    assert list(visitors["journeys"]["search"]["served_by"].items()) == [("products-1", 1), ("products-3", 2)]
    assert visitors["journeys"]["orders"]["served_by"] == {}


def test_downtime_is_counted_apart_for_patterns_off_and_on() -> None:
    watched = Watched()
    failed = visits("failed")
    watched.look(came=failed, seconds=2)
    watched.look(readings(patterns(Switches(*[False] * 6))), came=failed, seconds=5)
    assert (watched.board.state["downtime"]["on_s"], watched.board.state["downtime"]["off_s"]) == (2.0, 5.0)


def test_a_failure_of_a_visit_that_began_with_patterns_off_counts_as_patterns_off() -> None:
    watched = Watched()
    watched.look(readings(patterns(Switches(*[False] * 6))))
    watched.look(came=visits("failed"), seconds=5)
    assert (watched.board.state["downtime"]["off_s"], watched.board.state["downtime"]["on_s"]) == (3.0, 2.0)


@pytest.mark.parametrize(("on", "account"), [(True, (8.0, 0.0)), (False, (0.0, 8.0))])
def test_a_dead_gateway_s_downtime_is_counted_by_what_its_patterns_were_when_it_died(
    on: bool, account: tuple[float, float]
) -> None:
    watched = Watched()
    watched.look(readings(patterns(Switches(*[on] * 6))))
    watched.look(readings(gateway_1={"state": "down", "patterns": None}), visits("failed"), seconds=8)
    assert (watched.board.state["downtime"]["on_s"], watched.board.state["downtime"]["off_s"]) == account


def test_downtime_with_some_patterns_on_is_not_that_of_patterns_off() -> None:
    watched = Watched()
    watched.look(readings(patterns(Switches(*[False] * 5))), visits("failed"), seconds=5)
    assert (watched.board.state["downtime"]["on_s"], watched.board.state["downtime"]["off_s"]) == (5.0, 0.0)


def test_downtime_begins_anew_when_it_is_reset() -> None:
    watched = Watched()
    watched.look(came=visits("failed"), seconds=5)
    watched.board.reset_downtime()
    assert watched.look()["downtime"] == {"off_s": 0.0, "on_s": 0.0, "since": watched.clock.at - 1}


def test_a_second_in_which_a_quarter_fails_is_not_downtime() -> None:
    watched = Watched()
    watched.look(came=visits("failed", ("customers",)), seconds=5)
    assert watched.board.state["downtime"]["on_s"] == 0.0


def test_a_replica_that_has_not_said_its_name_yet_leaves_nothing_behind_when_it_has() -> None:
    watched = Watched()
    watched.look([*readings(), Reading("products at 10.0.0.9", "products", "down", named=False)])
    watched.look([*readings(), Reading("products-4", "products", "ready")])
    names = [each["name"] for each in watched.board.state["replicas"] if each["service"] == "products"]
    assert names == ["products-1", "products-2", "products-3", "products-4"]


def test_figures_and_history_are_of_seconds_however_often_one_looks() -> None:
    watched = Watched()
    for _ in range(60):
        watched.clock.at += 0.5
        watched.board.observe(readings(), visits(each=1), 20.0)
    state = watched.board.state
    assert (state["visitors"]["answered"], state["visitors"]["span_s"]) == (80, 10)
    history = watched.board.full["history"]
    assert history[-1]["at"] - history[0]["at"] == 30


def test_figures_are_of_the_seconds_that_the_looks_took_where_these_are_uneven() -> None:
    watched = Watched()
    for number in range(30):
        watched.clock.at += 0.999 if number % 2 else 1.0
        state = watched.board.observe(readings(), visits(each=5), 20.0)
    assert state["visitors"]["answered"] / state["visitors"]["span_s"] == pytest.approx(20, rel=0.01)


def test_at_the_start_the_figures_are_of_the_seconds_that_there_were() -> None:
    watched = Watched()
    assert watched.look()["visitors"]["span_s"] == 2
