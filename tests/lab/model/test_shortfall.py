"""The formula for fleets of any size, compared with the simulation."""

from random import Random
from statistics import fmean

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.fleet import Fleet
from lab.model.months import simulate
from lab.model.setting import DAY_S, MONTH_S, Setting, Shares
from lab.model.shortfall import back_s, shortfall
from lab.model.zones import zone_redundant


@pytest.mark.parametrize(
    ("replicas", "needed", "zones", "mtbf_days", "shares", "months", "outage_s"),
    [
        (2, 2, 3, 30, Shares(zone=0.9), 1000, 1200),
        (3, 2, 3, 30, Shares(pair=0.05, zone=0.02, every=0.05), 2000, 900),
        (4, 3, 3, 30, Shares(zone=0.9), 1000, 0),
        (31, 30, 3, 30, Shares(pair=0.05, zone=0.2, every=0.5), 300, 900),
        (31, 30, 1, 30, Shares(pair=0.3), 300, 0),
        (32, 30, 3, 10, Shares(pair=0.3), 80, 0),
        (300, 200, 3, 300, Shares(pair=0.05, zone=0.5, every=0.3), 200, 1200),
        (3001, 3000, 3, 60, Shares(pair=0.05), 4, 0),
    ],
)
def test_the_simulation_agrees_with_the_formula(
    replicas: int, needed: int, zones: int, mtbf_days: float, shares: Shares, months: float, outage_s: float
) -> None:
    setting = Setting(
        replicas,
        zones=zones,
        needed=needed,
        mtbf_s=mtbf_days * DAY_S,
        shares=shares,
        launches_per_s=500 / 60,
        zone_outage_s=outage_s,
        every_outage_s=outage_s,
    )
    found = simulate(setting, months, seed=11).minutes("degraded")
    assert found.mean > 0
    # Twice the 95 % interval: four standard errors.
    assert abs(found.mean - shortfall(setting, needed).minutes) <= found.high - found.low


@pytest.mark.parametrize(("struck", "needed", "seeds"), [(3, 2, 30), (300, 200, 10), (3000, 2999, 1)])
def test_after_all_are_struck_enough_are_back_when_the_formula_says(struck: int, needed: int, seeds: int) -> None:
    setting = Setting(struck, needed=needed, mtbf_s=1e12, launches_per_s=500 / 60, every_outage_s=900)
    took_s = []
    for seed in range(seeds):
        fleet = Fleet(simpy.Environment(), setting, Random(seed))
        fleet.strike(fleet.replicas, setting.every_outage_s)
        fleet.env.run(until=2000)
        took_s.append(fleet.seconds_below(needed))
    # For three replicas the time spreads by about 7 s; for thousands it hardly spreads.
    assert fmean(took_s) == pytest.approx(back_s(setting, struck, struck - needed, 900), abs=4)


def test_a_zone_is_lost_as_often_as_there_are_zones_with_more_replicas_than_the_spare() -> None:
    shares = Shares(zone=0.5)
    one = Setting(1, zones=3, shares=shares)
    assert shortfall(Setting(2, zones=3, shares=shares), 2).zone_min == pytest.approx(2 * shortfall(one, 1).zone_min)
    # Four in three zones: only the zone with two has more than may be missing.
    four = Setting(4, zones=3, shares=shares)
    felt_s = back_s(four, struck=2, spare=1)
    assert shortfall(four, 3).zone_min == pytest.approx(four.each_zone_per_s * felt_s * MONTH_S / 60)


@given(st.integers(1, 200), st.integers(1, 5), st.integers(1, 20))
@settings(max_examples=30)
def test_more_spare_never_leaves_more_missing(needed: int, zones: int, more: int) -> None:
    shares = Shares(pair=0.05, every=0.05)
    less, spare = (
        shortfall(Setting(replicas, zones=zones, shares=shares), needed) for replicas in (needed, needed + more)
    )
    assert spare.ordinary_min <= less.ordinary_min
    assert spare.every_min <= less.every_min


def test_the_time_until_enough_are_back_follows_the_order_of_the_replacements() -> None:
    setting = Setting(30, zones=3)
    assert back_s(setting, struck=10, spare=10) == 0
    assert back_s(setting, struck=1, spare=0) == pytest.approx(75, abs=0.1)
    assert back_s(setting, struck=10, spare=0) == pytest.approx(60 + 30 * 10 / 11, abs=0.1)
    one_a_second = Setting(600, launches_per_s=1)
    assert back_s(one_a_second, struck=600, spare=0) == pytest.approx(600 + 75, rel=0.03)


def test_fewer_replicas_than_needed_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer than the 3"):
        shortfall(Setting(2), 3)


@given(st.integers(1, 3000), st.integers(2, 5))
@settings(max_examples=30)
def test_a_zone_redundant_fleet_survives_any_zone_and_has_no_replica_to_spare(needed: int, zones: int) -> None:
    replicas = zone_redundant(needed, zones)
    assert replicas - -(-replicas // zones) >= needed
    assert (replicas - 1) - -(-(replicas - 1) // zones) < needed
