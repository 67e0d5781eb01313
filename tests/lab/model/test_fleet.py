"""Replicas that fail, return and are deployed, in any order."""

from random import Random

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.fleet import Fleet, Steps
from lab.model.setting import Setting, Uniform

FOREVER_S = 1e12
TEN_S = Uniform(10, 10)


def fleet_of(replicas: int, **other: object) -> Fleet:
    """Replicas that fail only when the test strikes them, and are back after 10 s."""
    setting = Setting(replicas, mtbf_s=FOREVER_S, replacement=TEN_S, **other)  # type: ignore[arg-type]
    return Fleet(simpy.Environment(), setting, Random(1))


def strike_at(fleet: Fleet, at_s: float, *numbers: int) -> None:
    def steps() -> Steps:
        yield fleet.env.timeout(at_s)
        fleet.strike([fleet.replicas[number] for number in numbers])

    fleet.env.process(steps())


def serving_s(fleet: Fleet) -> dict[int, float]:
    """For how long how many replicas served."""
    return {serving: seconds for serving, seconds in enumerate(fleet.seconds_by_serving()) if seconds}


def test_it_counts_for_how_long_how_many_serve_and_the_outages() -> None:
    fleet = fleet_of(2, needed=2)
    strike_at(fleet, 5, 0)
    strike_at(fleet, 9, 1)
    fleet.env.run(until=100)
    assert serving_s(fleet) == {0: 6, 1: 8, 2: 86}
    assert (fleet.seconds_below(1), fleet.seconds_below(2)) == (6, 14)
    assert fleet.outages == 1


def test_a_second_strike_leaves_a_failed_replica_as_it_is() -> None:
    fleet = fleet_of(1)
    strike_at(fleet, 5, 0)
    strike_at(fleet, 12, 0)
    fleet.env.run(until=100)
    assert fleet.seconds_below(1) == 10


def test_as_long_as_a_cause_lasts_nothing_serves_where_it_struck() -> None:
    fleet = fleet_of(3, needed=3)
    strike_at(fleet, 0, 0)

    def strike() -> Steps:
        yield fleet.env.timeout(5)
        fleet.strike(fleet.replicas[:2], lasts_s=100)

    fleet.env.process(strike())
    fleet.env.run(until=200)
    # The first would be back after 10 s, but is launched again with the second.
    assert serving_s(fleet) == {1: 110, 2: 5, 3: 85}


def test_replacements_start_one_after_the_other_at_the_scheduler_s_pace() -> None:
    fleet = fleet_of(4, needed=4, launches_per_s=0.5)
    strike_at(fleet, 0, 0, 1, 2, 3)
    fleet.env.run(until=100)
    assert serving_s(fleet) == {0: 10, 1: 2, 2: 2, 3: 2, 4: 84}


@pytest.mark.parametrize(
    ("replicas", "minimum_healthy", "maximum", "by_serving"),
    [
        (3, 66, 100, {2: 30, 3: 70}),
        (2, 100, 150, {2: 100}),
        (1, 100, 200, {1: 100}),
        (1, 0, 100, {0: 10, 1: 90}),
        (4, 50, 100, {2: 20, 4: 80}),
        (4, 75, 125, {3: 20, 4: 80}),
    ],
)
def test_a_deployment_stops_as_many_as_it_may(
    replicas: int, minimum_healthy: int, maximum: int, by_serving: dict[int, float]
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=maximum)
    fleet.env.process(fleet.deploy())
    fleet.env.run(until=100)
    assert serving_s(fleet) == by_serving


def test_a_deployment_waits_while_a_failed_replica_is_missing() -> None:
    fleet = fleet_of(3, minimum_healthy=66, maximum=100)
    strike_at(fleet, 0, 2)

    def deploy() -> Steps:
        yield fleet.env.timeout(4)
        yield from fleet.deploy()
        assert fleet.env.now == 10 + 3 * 10

    fleet.env.run(until=fleet.env.process(deploy()))
    assert fleet.seconds_below(2) == 0


@settings(max_examples=40)
@given(
    replicas=st.integers(2, 6),
    minimum_healthy=st.integers(0, 99),
    strikes=st.lists(st.tuples(st.floats(0, 80), st.integers(0, 5)), max_size=8),
    deployments=st.lists(st.floats(0, 40), max_size=1),
)
def test_every_replica_returns_and_every_deployment_ends(
    replicas: int, minimum_healthy: int, strikes: list[tuple[float, int]], deployments: list[float]
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=200)
    for at_s, number in strikes:
        strike_at(fleet, at_s, number % replicas)
    ended: list[float] = []

    def deploy(at_s: float) -> Steps:
        yield fleet.env.timeout(at_s)
        yield from fleet.deploy()
        ended.append(fleet.env.now)

    for at_s in deployments:
        fleet.env.process(deploy(at_s))
    fleet.env.run(until=1000)
    assert fleet.serving == replicas == sum(replica.serving for replica in fleet.replicas)
    assert len(ended) == len(deployments)
    assert sum(fleet.seconds_by_serving()) == pytest.approx(1000)
    # Each strike, and each replica's deployment, takes 10 s.
    assert fleet.seconds_below(replicas) <= 10 * (len(strikes) + replicas * len(deployments)) + 1e-6


@settings(max_examples=40)
@given(
    replicas=st.integers(1, 8), minimum_healthy=st.integers(0, 100), maximum=st.integers(100, 200), one=st.booleans()
)
def test_a_deployment_alone_never_goes_below_the_minimum(
    replicas: int, minimum_healthy: int, maximum: int, one: bool
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=maximum, launches_per_s=1.0 if one else 9e9)
    try:
        keep = fleet.setting.rollout.keep
    except ValueError:
        return
    fleet.env.run(until=fleet.env.process(fleet.deploy()))
    assert fleet.seconds_below(keep) == 0
