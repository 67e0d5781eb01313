"""The log: each change is told once, in a sentence."""

from resilience.pipeline_state import Switches
from services.dashboard.log import Log
from tests.services.dashboard.looks import Watched, patterns, readings, visits

SLOW = {"kind": "latency", "delay_ms": 3000, "for_s": 60.0, "left_s": 60.0}


def test_a_calm_stack_is_not_talked_about() -> None:
    watched = Watched()
    watched.look(seconds=30)
    assert watched.log == ["The dashboard began to watch."]


def test_a_replica_goes_down_and_comes_back() -> None:
    watched = Watched()
    watched.look(readings(products_2={"state": "down"}), seconds=3)
    watched.look(seconds=3)
    assert watched.log[1:] == ["products-2 went down.", "products-2 is ready again."]


def test_opening_and_closing_a_breaker_are_logged_and_its_probes_are_not() -> None:
    watched = Watched()
    for state in ("open", "half_open", "open", "half_open", "closed"):
        watched.look(readings(patterns(customers=state)))
    assert watched.log[1:] == [
        "Customers' breaker opened: calls are turned away at once.",
        "Customers' breaker closed: calls go through.",
    ]


def test_a_breaker_that_is_switched_off_is_the_operator_s_story() -> None:
    watched = Watched()
    off = readings(patterns(Switches(circuit_breakers=False), products="disabled", customers="disabled"))
    watched.look(off)
    watched.look()
    assert len(watched.log) == 1


def test_a_fault_begins_and_ends() -> None:
    watched = Watched()
    struck = {"faults": (SLOW,)}
    watched.look(readings(products_1=struck, products_2=struck, products_3=struck))
    watched.look()
    assert watched.log[1:] == ["Products is slow (+3 s): a fault.", "The fault latency in Products has ended."]


def test_a_fault_that_moves_from_one_replica_to_another_is_logged_for_both() -> None:
    watched = Watched()
    struck = {"faults": (SLOW,)}
    watched.look(readings(products_2=struck))
    watched.look(readings(products_2=struck, products_3=struck))
    watched.look(readings(products_3=struck))
    watched.look()
    assert watched.log[1:] == [
        "products-2 is slow (+3 s): a fault.",
        "products-3 is slow (+3 s): a fault.",
        "The fault latency in products-2 has ended.",
        "The fault latency in products-3 has ended.",
    ]


def test_a_fault_that_only_some_replicas_have_is_not_called_the_service_s() -> None:
    watched = Watched()
    struck = {"faults": (SLOW,)}
    watched.look(readings(products_1=struck, products_3=struck))
    watched.look()
    assert watched.log[1:] == [
        "Each of products-1 and products-3 is slow (+3 s): a fault.",
        "The fault latency in products-1 and products-3 has ended.",
    ]


def test_replicas_with_different_faults_are_logged_apart() -> None:
    watched = Watched()
    slight = {"faults": (SLOW | {"delay_ms": 300},)}
    watched.look(readings(products_1={"faults": (SLOW,)}, products_2=slight, products_3=slight))
    assert watched.log[1:] == [
        "products-1 is slow (+3 s): a fault.",
        "Each of products-2 and products-3 is slow (+0.3 s): a fault.",
    ]


def test_a_service_s_fault_is_its_own_although_a_replica_has_gone() -> None:
    watched = Watched()
    struck = {"faults": (SLOW,)}
    left = [each for each in readings(products_1=struck, products_2=struck) if each.name != "products-3"]
    watched.look(left)
    assert watched.log[-1] == "Products is slow (+3 s): a fault."


def test_failures_are_logged_when_they_begin_and_after_some_seconds_without_one() -> None:
    watched = Watched()
    watched.look(came=visits("failed", ("customers",)), seconds=8)
    watched.look()
    watched.look(came=visits("failed", ("customers",)), seconds=2)
    watched.look(seconds=5)
    assert watched.log[1:] == ["Visitors began to fail.", "Every visitor is answered again, after 10 s."]


def test_a_full_shared_pool_is_logged_once() -> None:
    watched = Watched()
    told = patterns(Switches(bulkheads=False))
    for dependency in told["dependencies"].values():
        dependency["bulkhead"] |= {"in_use": 100, "max_concurrent": 100}
    watched.look(readings(told), seconds=3)
    assert watched.log[1:] == ["The shared pool is full, 100 of 100: one service sinks the rest."]


def test_saved_answers_are_logged_when_they_begin_and_end() -> None:
    watched = Watched()
    watched.look(came=visits("stale", ("orders",)), seconds=3)
    watched.look(seconds=2)
    assert watched.log[1:] == ["Visitors get saved answers, marked as such.", "Visitors get fresh answers only."]


def test_only_the_latest_hundred_are_kept() -> None:
    log = Log()
    for number in range(150):
        log.add(float(number), "note", str(number))
    assert [entry["text"] for entry in log.since()] == [str(number) for number in range(50, 150)]
    assert [entry["text"] for entry in log.since(148)] == ["148", "149"]
    assert log.since(log.total) == []
    assert [entry["text"] for entry in log.until(52)] == ["50", "51"]
    assert log.until(log.total) == log.since()
    assert log.until(3) == []
