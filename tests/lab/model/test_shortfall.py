"""The formula for fleets of any size, against the simulation."""

from collections import Counter
from random import Random
from statistics import fmean

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from lab.model.fleet import Fleet
from lab.model.months import simulate
from lab.model.setting import DAY_S, MONTH_S, Setting, Shares
from lab.model.shortfall import back_s, shortfall
from lab.model.zones import zone_redundant


@pytest.mark.parametrize(
    ("replicas", "needed", "zones", "mtbf_days", "shares", "months"),
    [
        (2, 2, 3, 30, Shares(zone=0.9), 4000),
        (3, 2, 3, 30, Shares(pair=0.05, zone=0.02, every=0.05), 8000),
        (3, 2, 1, 30, Shares(zone=0.3, every=0.2), 4000),
        (4, 3, 3, 30, Shares(zone=0.9), 4000),
        (31, 30, 3, 30, Shares(pair=0.05, zone=0.2, every=0.5), 2000),
        (31, 30, 1, 30, Shares(pair=0.3), 1000),
        (32, 30, 3, 10, Shares(pair=0.3), 1000),
        (300, 200, 3, 300, Shares(pair=0.05, zone=0.5, every=0.3), 1500),
        (301, 300, 3, 300, Shares(pair=0.05, zone=0.5, every=0.3), 500),
        (3001, 3000, 3, 60, Shares(pair=0.05), 20),
    ],
)
@pytest.mark.parametrize(("zone_over_s", "every_over_s"), [(0, 0), (1200, 900)])
def test_the_interval_of_the_simulation_covers_the_formula(
    replicas: int,
    needed: int,
    zones: int,
    mtbf_days: float,
    shares: Shares,
    months: float,
    zone_over_s: float,
    every_over_s: float,
) -> None:
    setting = Setting(
        replicas,
        zones=zones,
        needed=needed,
        mtbf_s=mtbf_days * DAY_S,
        shares=shares,
        launches_per_s=500 / 60,
        zone_over_s=zone_over_s,
        every_over_s=every_over_s,
    )
    found = simulate(setting, months, seed=11).degraded
    # Twice the 95 % interval: four standard errors.
    assert abs(found.mean - shortfall(setting, needed).minutes) <= found.high - found.low


@pytest.mark.parametrize(("struck", "needed"), [(3, 2), (300, 200), (3000, 2000), (3000, 2999)])
def test_after_all_are_struck_enough_are_back_when_the_formula_says(struck: int, needed: int) -> None:
    setting = Setting(struck, needed=needed, mtbf_s=1e12, launches_per_s=500 / 60, every_over_s=900)
    took_s = []
    for seed in range(30 if struck < 1000 else 3):
        fleet = Fleet(simpy.Environment(), setting, Random(seed))
        fleet.knock_out(fleet.replicas, setting.every_over_s)
        fleet.env.run(until=setting.longest_outage_s + setting.every_over_s)
        took_s += fleet.settle()["degraded"].lengths_s
    # Of three replicas the time spreads by some 7 s; of thousands hardly.
    assert fmean(took_s) == pytest.approx(back_s(setting, struck, struck - needed, 900), abs=4)


def test_a_zone_is_lost_as_often_as_there_are_zones_with_a_replica_too_many() -> None:
    shares = Shares(zone=0.5)
    one = Setting(1, zones=3, shares=shares)
    assert shortfall(Setting(2, zones=3, shares=shares), 2).zone_min == pytest.approx(2 * shortfall(one, 1).zone_min)
    # Four in three zones: only the zone with two has more than may be missing.
    four = Setting(4, zones=3, shares=shares)
    assert four.zone_sizes() == [2, 1, 1]
    felt_s = back_s(four, struck=2, spare=1)
    assert shortfall(four, 3).zone_min == pytest.approx(four.each_zone_per_s * felt_s * MONTH_S / 60)


@given(st.integers(1, 200), st.integers(1, 9))
def test_the_zones_have_the_replicas_that_are_in_them(replicas: int, zones: int) -> None:
    setting = Setting(replicas, zones=zones)
    counted = Counter(setting.zone_of(number) for number in range(replicas))
    assert setting.zone_sizes() == [counted[zone] for zone in range(zones)]


@given(st.integers(1, 200), st.integers(1, 5), st.integers(1, 20))
def test_more_spare_never_leaves_more_short(needed: int, zones: int, more: int) -> None:
    shares = Shares(pair=0.05, zone=0.02, every=0.05)
    less, spare = (
        shortfall(Setting(replicas, zones=zones, shares=shares), needed) for replicas in (needed, needed + more)
    )
    assert spare.ordinary_min <= less.ordinary_min
    assert (spare.zone_back_s <= less.zone_back_s) or more < zones


def test_nobody_waits_for_those_who_may_all_be_missing() -> None:
    setting = Setting(30, zones=3)
    assert back_s(setting, struck=10, spare=10) == 0
    assert back_s(setting, struck=1, spare=0) == pytest.approx(75, abs=0.1)
    assert back_s(setting, struck=10, spare=0) == pytest.approx(60 + 30 * 10 / 11, abs=0.1)


def test_the_scheduler_has_to_start_them_one_after_the_other() -> None:
    setting = Setting(600, launches_per_s=1)
    assert back_s(setting, struck=600, spare=0) == pytest.approx(600 + 75, rel=0.03)


def test_fewer_replicas_than_are_needed_are_no_spare() -> None:
    with pytest.raises(ValueError, match="fewer than the 3"):
        shortfall(Setting(2), 3)


@given(st.integers(1, 3000), st.integers(2, 5))
def test_a_zone_redundant_fleet_loses_any_zone_and_still_has_enough_and_one_fewer_would_not(
    needed: int, zones: int
) -> None:
    replicas = zone_redundant(needed, zones)
    assert replicas - -(-replicas // zones) >= needed
    assert (replicas - 1) - -(-(replicas - 1) // zones) < needed


def test_one_zone_is_never_redundant() -> None:
    with pytest.raises(ValueError, match="one zone"):
        zone_redundant(2, 1)
