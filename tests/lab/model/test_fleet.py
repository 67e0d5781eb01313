"""Replicas that fall, return and are deployed, in whatever order it happens."""

from random import Random

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from lab.model.durations import Uniform
from lab.model.fleet import Fleet, Steps
from lab.model.setting import Setting

FOREVER_S = 1e12
TEN_S = Uniform(10, 10)


def fleet_of(replicas: int, **other: object) -> Fleet:
    """Replicas that fail when they are told to, and are back after 10 s."""
    setting = Setting(replicas, mtbf_s=FOREVER_S, replacement=TEN_S, **other)  # type: ignore[arg-type]
    return Fleet(simpy.Environment(), setting, Random(1))


def knock_out_at(fleet: Fleet, at_s: float, *numbers: int) -> None:
    def steps() -> Steps:
        yield fleet.env.timeout(at_s)
        fleet.knock_out([fleet.replicas[number] for number in numbers])

    fleet.env.process(steps())


def test_it_is_down_while_nobody_serves_and_degraded_while_too_few_do() -> None:
    fleet = fleet_of(2, needed=2)
    knock_out_at(fleet, 5, 0)
    knock_out_at(fleet, 9, 1)
    fleet.env.run(until=100)
    told = fleet.settle()
    assert (told["down"].seconds, told["degraded"].seconds, told["missing"].seconds) == (6, 14, 14)
    assert (told["down"].lengths_s, told["degraded"].lengths_s) == ([6], [14])
    assert fleet.seconds_by_serving == [6, 8, 86]


def test_a_second_blow_finds_what_has_fallen_as_it_is() -> None:
    fleet = fleet_of(1)
    knock_out_at(fleet, 5, 0)
    knock_out_at(fleet, 12, 0)
    fleet.env.run(until=100)
    assert fleet.settle()["down"].seconds == 10


def test_while_a_cause_lasts_nothing_serves_in_a_place_that_it_struck() -> None:
    fleet = fleet_of(3, needed=3)
    knock_out_at(fleet, 0, 0)

    def strike() -> Steps:
        yield fleet.env.timeout(5)
        fleet.knock_out(fleet.replicas[:2], lasts_s=100)

    fleet.env.process(strike())
    fleet.env.run(until=200)
    fleet.settle()
    # The first would have been back after 10 s, and is launched again with the second.
    assert fleet.seconds_by_serving == [0, 110, 5, 85]


@pytest.mark.parametrize(("minimum_healthy", "maximum"), [(100, 200), (0, 100)])
def test_those_that_a_deployment_brings_are_new(minimum_healthy: int, maximum: int) -> None:
    """With lives that are all as long, whether the new one comes first or the old one goes first."""
    aged = Setting(1, mtbf_s=1000, shape=1e4, replacement=TEN_S, minimum_healthy=minimum_healthy, maximum=maximum)
    fleet, fails_at_s = Fleet(simpy.Environment(), aged, Random(1)), 600 + 10 + 1000

    def deploy() -> Steps:
        yield fleet.env.timeout(600)
        yield from fleet.deploy()

    fleet.env.process(deploy())
    fleet.env.run(until=fails_at_s - 5)
    before_s = fleet.settle()["down"].seconds
    fleet.env.run(until=fails_at_s + 5)
    assert fleet.settle()["down"].seconds - before_s == pytest.approx(5, abs=2)


def test_replacements_start_one_after_the_other_at_the_pace_of_the_scheduler() -> None:
    fleet = fleet_of(4, needed=4, launches_per_s=0.5)
    knock_out_at(fleet, 0, 0, 1, 2, 3)
    fleet.env.run(until=100)
    fleet.settle()
    assert fleet.seconds_by_serving == [10, 2, 2, 2, 84]


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
def test_a_deployment_lets_go_of_as_many_as_it_may_and_no_more(
    replicas: int, minimum_healthy: int, maximum: int, by_serving: dict[int, float]
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=maximum)
    fleet.env.process(fleet.deploy())
    fleet.env.run(until=100)
    fleet.settle()
    assert {serving: seconds for serving, seconds in enumerate(fleet.seconds_by_serving) if seconds} == by_serving


def test_a_deployment_waits_while_a_failure_has_taken_what_it_would_let_go() -> None:
    fleet = fleet_of(3, minimum_healthy=66, maximum=100)
    knock_out_at(fleet, 0, 2)

    def deploy() -> Steps:
        yield fleet.env.timeout(4)
        yield from fleet.deploy()
        assert fleet.env.now == 10 + 3 * 10

    fleet.env.run(until=fleet.env.process(deploy()))
    fleet.settle()
    assert fleet.seconds_by_serving[:2] == [0, 0]


@given(
    replicas=st.integers(2, 6),
    minimum_healthy=st.integers(0, 99),
    blows=st.lists(st.tuples(st.floats(0, 80), st.integers(0, 5)), max_size=8),
    deployments=st.lists(st.floats(0, 40), max_size=1),
)
def test_whatever_happens_when_every_replica_returns_and_a_deployment_ends(
    replicas: int, minimum_healthy: int, blows: list[tuple[float, int]], deployments: list[float]
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=200)
    for at_s, number in blows:
        knock_out_at(fleet, at_s, number % replicas)
    ended: list[float] = []

    def deploy(at_s: float) -> Steps:
        yield fleet.env.timeout(at_s)
        yield from fleet.deploy()
        ended.append(fleet.env.now)

    for at_s in deployments:
        fleet.env.process(deploy(at_s))
    fleet.env.run(until=1000)
    told = fleet.settle()
    assert fleet.serving == replicas == sum(replica.serving for replica in fleet.replicas)
    assert len(ended) == len(deployments)
    assert sum(fleet.seconds_by_serving) == pytest.approx(1000)
    # Of the blows and the deployment each replica misses 10 s at most a time.
    assert told["missing"].seconds <= 10 * (len(blows) + replicas * len(deployments)) + 1e-6


@given(
    replicas=st.integers(1, 8), minimum_healthy=st.integers(0, 100), maximum=st.integers(100, 200), one=st.booleans()
)
def test_a_deployment_by_itself_never_goes_below_the_minimum(
    replicas: int, minimum_healthy: int, maximum: int, one: bool
) -> None:
    fleet = fleet_of(replicas, minimum_healthy=minimum_healthy, maximum=maximum, launches_per_s=1.0 if one else 9e9)
    try:
        keep = fleet.setting.rollout.keep
    except ValueError:
        return
    fleet.env.run(until=fleet.env.process(fleet.deploy()))
    fleet.settle()
    assert sum(fleet.seconds_by_serving[:keep]) == 0
