"""Measures of breakers, calls and replicas, from what was seen of a stack whose story is known."""

from dataclasses import replace
from typing import Any

import pytest

from lab.assess import Evidence, all_measures
from lab.injector import FaultWindow
from lab.watch import PatternsLook, Seen, StatesLook, requests_of_visitors
from stack.model import Replica, State
from tests.lab.records import failing, steady


def snapshot(
    state: str, in_flight: int = 0, opened: int = 0, queued: int = 0, failed: int = 0, *, bulkheads: bool = True
) -> dict[str, Any]:
    return {
        "switches": {"bulkheads": bulkheads},
        "circuit_breaker": {"state": state, "opened": opened},
        "in_flight": in_flight,
        "failed": failed,
        "bulkhead": {"in_use": in_flight, "queued": queued},
    }


def patterns(at_s: float, state: str, in_flight: int = 0, opened: int = 0, failed: int = 0) -> PatternsLook:
    others = {name: snapshot("closed") for name in ("products", "orders")}
    return PatternsLook(at_s, {"gateway-1": {"customers": snapshot(state, in_flight, opened, failed=failed), **others}})


def states(at_s: float, first: State, second: State, restarts: int = 0) -> StatesLook:
    one = Replica("products-1", "products", first, pid=1, restarts=restarts)
    return StatesLook(at_s, [one, Replica("products-2", "products", second, pid=2)])


@pytest.fixture
def evidence() -> Evidence:
    """Customers fails from 10 to 20; its breaker opens at 10.5 and closes at 22; products-1 is away from 10 to 15."""
    records = failing(steady(30, kind="customer"), 10, 20, "status 503 circuit_open")
    # The first five got through to it.
    records = failing([each for each in records if not 10 <= each.due_s < 10.5], 0, 0) + failing(
        [each for each in steady(30, kind="customer") if 10 <= each.due_s < 10.5], 10, 10.5, "status 502 upstream_error"
    )
    seen = Seen(
        states=[
            states(0, "ready", "ready"),
            states(10, "stopped", "ready"),
            states(13, "stopped", "ready"),
            states(15, "ready", "ready", restarts=1),
            states(30, "ready", "ready", restarts=1),
        ],
        patterns=[
            patterns(0, "closed", 1),
            patterns(9, "closed", 2, failed=3),
            patterns(10.3, "closed", 2, failed=7),
            patterns(10.6, "open", 9, opened=1, failed=12),
            patterns(14, "half_open", 5, opened=1, failed=13),
            patterns(15, "open", 1, opened=2, failed=15),
            patterns(22, "closed", 1, opened=2, failed=15),
            patterns(30, "closed", 1, opened=2, failed=15),
        ],
        calls={"customers": [(second, {"customers-1": count}) for second, count in CALLS]},
    )
    return Evidence(
        records=records,
        rate=10,
        slo=0.999,
        spans={"before": (0.0, 10.0), "during": (10.0, 20.0), "after": (20.0, 30.0)},
        faults=[FaultWindow("error", ["customers-1"], "", 10.0, 20.0)],
        seen=seen,
        in_flight=[(1, 3), (12, 40)],
    )


# 10 a second, then 5 in all, then 10 a second again with one peak of 30.
CALLS = [(0.0, 0.0), (5.0, 50.0), (10.0, 100.0), (15.0, 104.0), (20.0, 105.0), (21.0, 135.0), (30.0, 225.0)]


def test_the_breaker_opened_once_it_turned_a_request_away(evidence: Evidence) -> None:
    found = all_measures(evidence)
    assert found["breaker.customers.opened_after_s"] == pytest.approx(0.505)
    assert found["breaker.customers.closed_after_s"] == 2
    assert found["breaker.customers.openings"] == 2
    assert found["breaker.orders.opened_after_s"] is None
    assert found["open.customers.rejected"] == 94


def test_an_answer_from_the_cache_tells_of_an_open_breaker_as_well(evidence: Evidence) -> None:
    evidence.records = [
        replace(each, failure="", degraded=True, reason="circuit_open")
        if each.failure.endswith("circuit_open")
        else each
        for each in evidence.records
    ]
    assert all_measures(evidence)["breaker.customers.opened_after_s"] == pytest.approx(0.505)


def test_calls_are_counted_where_they_arrive(evidence: Evidence) -> None:
    found = all_measures(evidence)
    assert found["calls.customers.before_per_s"] == 10
    assert found["calls.customers.during_per_s"] == 0.5
    assert found["calls.customers.fell_by"] == 0.95
    assert found["calls.customers.peak_after"] == 3
    assert found["calls.customers.per_request"] == pytest.approx(0.05)


def test_what_is_under_way_is_the_most_that_was_seen(evidence: Evidence) -> None:
    found = all_measures(evidence)
    assert (found["in_flight.customers.before_max"], found["in_flight.customers.during_max"]) == (2, 9)
    assert (found["in_flight_max"], found["in_flight.orders.max"]) == (40, 0)


def look(at_s: float, queued: int, *, bulkheads: bool, **in_flight: int) -> PatternsLook:
    """Two gateways, each with these calls; every service says that so many are queued."""
    each = {
        name: snapshot("disabled", in_flight.get(name, 0), queued=queued, bulkheads=bulkheads)
        for name in ("products", "customers", "orders")
    }
    return PatternsLook(at_s, {"gateway-1": each, "gateway-2": each})


def test_a_queue_that_all_share_is_nobodys_own_and_counts_once(evidence: Evidence) -> None:
    evidence.seen.patterns = [look(10 + n, 30 * n, bulkheads=False, orders=100, customers=2) for n in range(4)]
    found = all_measures(evidence)
    assert [found[f"in_flight.{name}.during_max"] for name in ("products", "customers", "orders")] == [0, 4, 200]
    assert found["in_flight.orders.growth_per_s"] == 0
    assert found["in_flight.gateway.during_max"] == 2 * (100 + 2 + 90)
    assert found["in_flight.gateway.growth_per_s"] == pytest.approx(60)


def test_a_queue_of_its_own_is_a_services_calls_too(evidence: Evidence) -> None:
    evidence.seen.patterns = [look(12, 5, bulkheads=True, orders=20)]
    found = all_measures(evidence)
    assert [found[f"in_flight.{name}.max"] for name in ("products", "orders")] == [10, 50]
    assert found["in_flight.gateway.max"] == 70


def test_detection_recovery_and_full_capacity(evidence: Evidence) -> None:
    found = all_measures(evidence)
    assert found["time_to_detect_s"] == 0, "a replica was seen missing at once"
    assert found["time_to_recover_s"] == 10
    assert found["time_to_full_capacity_s"] == 12, "the breaker came after the replica"
    assert found["vulnerability_window_s"] == 5
    assert (found["replicas.products.least_ready"], found["replicas.products.restarts"]) == (1, 1)


def test_one_more_that_is_starting_is_not_missing(evidence: Evidence) -> None:
    spare = Replica("products-3", "products", "starting", pid=3)
    evidence.seen.patterns = []
    evidence.seen.states = [
        states(0, "ready", "ready"),
        replace(states(12, "ready", "ready"), replicas=[*states(12, "ready", "ready").replicas, spare]),
        replace(states(14, "stopped", "ready"), replicas=[*states(14, "stopped", "ready").replicas, spare]),
        replace(
            states(17, "stopped", "ready"),
            replicas=[*states(17, "stopped", "ready").replicas, replace(spare, state="ready")],
        ),
        states(30, "ready", "ready"),
    ]
    found = all_measures(evidence)
    assert found["vulnerability_window_s"] == 3, "from 14 to 17: at 17 there are two again"
    assert found["time_to_full_capacity_s"] == 7


def test_the_calls_that_a_breaker_needed_are_those_that_failed_since_the_fault_whoever_made_them(
    evidence: Evidence,
) -> None:
    found = all_measures(evidence)
    assert found["breaker.customers.opened_after_calls"] == 9
    assert found["breaker.orders.opened_after_calls"] is None


def test_a_breaker_that_let_a_hundred_calls_fail_is_told_of(evidence: Evidence) -> None:
    evidence.seen.patterns[3] = patterns(10.6, "open", 9, opened=1, failed=103)
    evidence.records = [replace(each, failure="", degraded=True, reason="circuit_open") for each in evidence.records]
    assert all_measures(evidence)["breaker.customers.opened_after_calls"] == 100


def test_downtime_at_full_size_is_what_it_would_be_at_the_pace_of_the_schedule(evidence: Evidence) -> None:
    assert all_measures(evidence)["full_size_downtime_s"] == 10
    evidence.scale = 5
    found = all_measures(evidence)
    assert (found["downtime_s"], found["full_size_downtime_s"]) == (10, 50)


def test_a_side_without_a_fault_has_nothing_to_recover_from(evidence: Evidence) -> None:
    evidence.faults = []
    found = all_measures(evidence)
    assert "time_to_recover_s" not in found
    assert "breaker.customers.opened_after_s" not in found


def test_only_visitors_requests_are_counted() -> None:
    exposition = """# TYPE afloat_http_requests_total counter
afloat_http_requests_total{method="GET",route="/customers/{customer_id}",status="200"} 30.0
afloat_http_requests_total{method="GET",route="/customers/{customer_id}",status="500"} 4.0
afloat_http_requests_total{method="GET",route="/readyz",status="200"} 467.0
afloat_http_requests_total{method="PUT",route="/faults",status="200"} 3.0
afloat_http_requests_total{method="GET",route="unmatched",status="404"} 2.0
afloat_http_requests_created{method="GET",route="/customers/{customer_id}",status="200"} 1.79e+09
"""
    assert requests_of_visitors(exposition) == 34
