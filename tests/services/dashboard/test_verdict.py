"""The verdict: what visitors get decides the word, what services say explains it."""

from dataclasses import replace

import pytest

from resilience.pipeline_state import Switches
from services.dashboard.document import Verdict
from tests.services.dashboard.looks import Watched, patterns, readings, visits

HANG = {"kind": "hang", "for_s": 60.0, "rate": 1.0, "left_s": 52.0}
ALL_OFF = Switches(*[False] * 6)


@pytest.fixture
def watched() -> Watched:
    return Watched()


def said(verdict: Verdict) -> str:
    return f"{verdict['cause']} {verdict['effect']}".replace("\u00a0", " ")


def test_all_is_well_when_everything_is_ready_and_visitors_are_answered(watched: Watched) -> None:
    assert watched.look()["verdict"]["status"] == "healthy"


def test_unknown_breakers_are_not_called_closed(watched: Watched) -> None:
    verdict = watched.look(readings(gateway_1={"patterns": None}), seconds=6)["verdict"]
    assert verdict["status"] == "degraded"
    assert verdict["cause"] == "gateway-1 does not say how its patterns do."


def test_a_gateway_that_tells_of_some_services_only_does_not_pass_for_one_that_tells_of_all(watched: Watched) -> None:
    told = patterns()
    del told["dependencies"]["orders"]
    assert watched.look(readings(told))["verdict"]["cause"] == "gateway-1 does not say how its patterns do."


def test_that_a_dead_gateway_says_nothing_goes_without_saying(watched: Watched) -> None:
    verdict = watched.look(readings(gateway_1={"state": "down", "patterns": None}))["verdict"]
    assert verdict["cause"].replace("\u00a0", " ") == "gateway-1 is down (0 s)."


def test_without_visitors_nothing_is_called_well(watched: Watched) -> None:
    verdict = watched.look(came=[], seconds=4)["verdict"]
    assert verdict["status"] == "unwatched"
    assert "not known" in verdict["effect"]


def test_a_shop_that_has_not_opened_yet_is_opening_and_not_unwatched(watched: Watched) -> None:
    watched.board.visitors_wait = True
    verdict = watched.look(readings(orders_1={"state": "down"}), came=[], seconds=4)["verdict"]
    assert verdict["status"] == "opening"
    assert said(verdict) == (
        "orders-1 is down (3 s). "
        "Visitors come when all is answered, or after a minute. Until then nothing counts as downtime."
    )


def test_a_dead_replica_without_failed_visits_is_a_degradation_with_its_cause(watched: Watched) -> None:
    verdict = watched.look(readings(products_2={"state": "down", "counts": None}))["verdict"]
    assert verdict["status"] == "degraded"
    assert said(verdict) == (
        "products-2 is down (0 s). nginx moved its traffic to products-1 and products-3; every visitor is answered."
    )


def test_an_open_breaker_is_explained_by_the_fault_behind_it(watched: Watched) -> None:
    looks = readings(patterns(customers="open"), customers_1={"faults": (HANG,)})
    verdict = watched.look(looks, visits("stale", ("customers",)))["verdict"]
    assert verdict["status"] == "degraded"
    assert said(verdict) == (
        "Customers hangs, 52 s left. Its breaker is open: visitors get saved answers; Products and Orders go on."
    )


def test_an_open_breaker_without_a_fault_is_a_cause_itself(watched: Watched) -> None:
    verdict = watched.look(readings(patterns(orders="open")))["verdict"]
    assert verdict["cause"] == "Orders' breaker is open."
    assert "The breaker of Orders is open: callers get an error at once" in verdict["effect"]


@pytest.mark.parametrize(("failing", "status"), [(("customers",), "failing"), (("customers", "orders"), "down")])
def test_the_share_of_visitors_that_fail_decides(watched: Watched, failing: tuple[str, ...], status: str) -> None:
    verdict = watched.look(came=visits("failed", failing), seconds=4)["verdict"]
    assert verdict["status"] == status


def test_failing_names_the_services_and_says_that_patterns_are_off(watched: Watched) -> None:
    looks = readings(patterns(ALL_OFF), customers_1={"faults": (HANG,)})
    verdict = watched.look(looks, visits("failed", ("customers",)), seconds=4)["verdict"]
    assert "1 in 4 visitors gets an error (Customers). Patterns are off: nothing holds the failure back." in said(
        verdict
    )


def test_that_the_patterns_contain_a_failure_is_said_only_where_a_breaker_does(watched: Watched) -> None:
    failing = visits("failed", ("customers",))
    opened = watched.look(readings(patterns(customers="open")), failing, seconds=4)["verdict"]
    assert opened["effect"] == "1 in 4 visitors gets an error; the patterns are containing it."
    closed = watched.look(readings(), failing, seconds=4)["verdict"]
    assert closed["effect"] == "1 in 4 visitors gets an error."
    away = readings(gateway_1={"state": "down", "patterns": None})
    assert watched.look(away, failing, seconds=4)["verdict"]["effect"] == "1 in 4 visitors gets an error."


def test_a_full_shared_pool_comes_first(watched: Watched) -> None:
    told = patterns(ALL_OFF)
    for dependency in told["dependencies"].values():
        dependency["bulkhead"] |= {"in_use": 100, "max_concurrent": 100}
    verdict = watched.look(readings(told, customers_1={"faults": (HANG,)}))["verdict"]
    assert verdict["cause"].startswith("The shared pool is full: 100 of 100 slots. Customers hangs")


def test_patterns_off_without_a_fault_is_unprotected(watched: Watched) -> None:
    assert watched.look(readings(patterns(ALL_OFF)))["verdict"]["status"] == "unprotected"


def test_a_fault_in_every_replica_is_said_of_the_service(watched: Watched) -> None:
    slow = {"kind": "latency", "delay_ms": 3000, "for_s": 60.0, "left_s": 60.0}
    struck = {"faults": (slow,)}
    all_of_them = watched.look(readings(products_1=struck, products_2=struck, products_3=struck))["verdict"]["cause"]
    assert all_of_them.replace("\u00a0", " ") == "Products is slow (+3 s), 60 s left."
    one = watched.look(readings(products_1=struck))["verdict"]["cause"]
    assert one.replace("\u00a0", " ") == "products-1 is slow (+3 s), 60 s left."


def test_a_replica_that_is_not_ready_says_why(watched: Watched) -> None:
    looks = [
        replace(each, state="not_ready", detail="database: PostgreSQL cannot be reached.")
        if each.name == "orders-1"
        else each
        for each in readings()
    ]
    assert "orders-1 is not ready: database: PostgreSQL cannot be reached." in watched.look(looks)["verdict"]["cause"]
