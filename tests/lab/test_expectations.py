"""What the experiments expect: a right stack holds it with room, a broken one does not."""

import pytest

from lab.condition import Measures
from lab.experiment import Side
from lab.reading import find, read


def side(experiment: str, name: str) -> Side:
    [found] = [each for each in read(find(experiment)).all_sides() if each.name == name]
    return found


def broken(experiment: str, name: str, measures: Measures) -> set[str]:
    """The measures that are not as expected, of those that are given."""
    return {each.measure for each in side(experiment, name).expect if each.measure in measures} & {
        each.measure for each in side(experiment, name).expect if not each.holds(measures)
    }


@pytest.mark.parametrize("cell", ["2 replicas, two at once", "3 replicas, all at once", "1 replica, one"])
@pytest.mark.parametrize(("full_size_s", "held"), [(35, True), (29, True), (45, True), (60, False), (20, False)])
def test_the_outage_is_neither_shorter_nor_longer_than_the_reference(cell: str, full_size_s: float, held: bool) -> None:
    deviating = broken("redundancy_matrix", cell, {"full_size_downtime_s": full_size_s})
    assert (not deviating) is held


@pytest.mark.parametrize("flat_s", [4, 20, 40, 60, 85])
def test_downtime_that_does_not_fall_with_the_time_between_the_failures_deviates(flat_s: float) -> None:
    cells = [f"2 replicas, second after {after} s" for after in (0, 20, 40, 60)]
    deviating = [broken("vulnerability_window", cell, {"full_size_downtime_s": flat_s}) for cell in cells]
    assert sum(map(bool, deviating)) >= 2


@pytest.mark.parametrize("start_s", [0.7, 2.5])
@pytest.mark.parametrize("pace", [1, 5])
def test_downtime_that_falls_is_held_at_every_pace(start_s: float, pace: float) -> None:
    for after_s in (0, 20, 40, 60):
        down_s = (75 - after_s) / pace + start_s
        for bins in (int(down_s), int(down_s) + 1):
            measures = {"full_size_downtime_s": bins * pace}
            assert not broken("vulnerability_window", f"2 replicas, second after {after_s} s", measures)


def test_bulkheads_alone_are_not_all_patterns() -> None:
    alone = {
        "during.customers.answered_share": 1.0,
        "during.orders.answered_share": 1.0,
        "customers.downtime_s": 0.0,
        "during.products.answered_share": 0.04,
        "breaker.products.opened_after_s": None,
        "open.products.degraded_p95_ms": None,
    }
    assert broken("slow_products", "patterns on", alone) == {
        "during.products.answered_share",
        "breaker.products.opened_after_s",
        "open.products.degraded_p95_ms",
    }


def test_answers_from_the_cache_are_no_second_attempts() -> None:
    cached = {"during.products.retries_per_request": 0.0, "during.products.degraded_share": 0.17}
    assert broken("grey_failure", "patterns on", cached) == set(cached)


@pytest.mark.parametrize("name", ["freeze_one", "kill_two", "memory_leak"])
@pytest.mark.parametrize(("answered_share", "stopped"), [(1.0, False), (0.95, False), (0.3, True), (0.0, True)])
def test_where_visitors_are_to_notice_nothing_an_outage_ends_the_run(
    name: str, answered_share: float, stopped: bool
) -> None:
    stop = read(find(name)).stop
    assert any(each.holds({"answered_share": answered_share}) for each in stop.that) is stopped


def test_a_pool_that_is_full_is_no_pile_yet() -> None:
    full = {"in_flight.orders.during_max": 100.0, "in_flight.gateway.during_max": 100.0}
    assert broken("hung_orders", "timeouts off", full) == {"in_flight.gateway.during_max"}
    piled_up = full | {"in_flight.gateway.during_max": 724.0, "in_flight.gateway.growth_per_s": 53.9}
    assert not broken("hung_orders", "timeouts off", piled_up)
    for name in ("timeouts on", "patterns on"):
        piles = {"in_flight.gateway.during_max", "in_flight.gateway.growth_per_s"}
        assert piles <= broken("hung_orders", name, piled_up)


def test_the_sides_of_a_hung_service_differ_in_time_limits_alone() -> None:
    off, on = (dict(side("hung_orders", f"timeouts {switch}").stack.patterns) for switch in ("off", "on"))
    assert {name for name, value in off.items() if value != on[name]} == {"timeouts"}
    assert on["timeouts"]
