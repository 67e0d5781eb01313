"""The simulation against exact formulas, and that it behaves."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from lab.model.durations import Duration, Exponential, Uniform
from lab.model.estimates import Estimate
from lab.model.markov import below, binomial, steady_state
from lab.model.months import MINUTE_S, simulate
from lab.model.setting import DAY_S, MONTH_S, Setting, Shares

MONTH_MIN = MONTH_S / MINUTE_S
ALL_KINDS = Shares(pair=0.1, zone=0.1, every=0.05)
FREQUENT = Setting(3, zones=3, needed=2, mtbf_s=3600, shares=ALL_KINDS, replacement=Exponential(300))


def covers(found: Estimate, share: float) -> bool:
    """Twice the 95 % interval: four standard errors, which only an error of the model leaves."""
    twice = Estimate(found.mean, 2 * found.low - found.mean, 2 * found.high - found.mean)
    return twice.covers(share * MONTH_MIN)


@pytest.mark.parametrize("zones", [1, 2, 3])
@pytest.mark.parametrize("replicas", [2, 3, 5])
def test_the_interval_of_months_with_common_causes_covers_the_exact_steady_state(replicas: int, zones: int) -> None:
    setting = replace(FREQUENT, replicas=replicas, zones=zones)
    exact, found = steady_state(setting), simulate(setting, 60, seed=7)
    assert covers(found.down, below(exact, 1))
    assert covers(found.degraded, below(exact, 2))
    assert covers(found.missing, below(exact, replicas))
    assert found.share_by_serving == pytest.approx(exact, abs=0.01)
    assert math.fsum(found.share_by_serving) == pytest.approx(1)


@pytest.mark.parametrize("shape", [0.7, 1.0, 3.0])
@pytest.mark.parametrize("replacement", [Exponential(300), Uniform(200, 400)], ids=repr)
def test_without_common_causes_only_the_means_matter(shape: float, replacement: Duration) -> None:
    setting = Setting(3, needed=2, mtbf_s=3600, shape=shape, replacement=replacement)
    exact, found = binomial(3, 3600, 300), simulate(setting, 60, seed=5)
    assert covers(found.degraded, below(exact, 2))
    assert covers(found.down, below(exact, 1))


def test_the_same_seed_gives_the_same_months_and_another_seed_others() -> None:
    assert simulate(FREQUENT, 40, seed=1) == simulate(FREQUENT, 40, seed=1)
    assert simulate(FREQUENT, 40, seed=1).down != simulate(FREQUENT, 40, seed=2).down


@pytest.mark.parametrize("shares", [Shares(), ALL_KINDS], ids=["alone", "common"])
def test_more_replicas_are_never_worse(shares: Shares) -> None:
    found = [simulate(replace(FREQUENT, replicas=count, shares=shares), 60, seed=3) for count in (2, 3, 4)]
    for fewer, more in pairwise(found):
        assert more.down.low <= fewer.down.high
        assert more.degraded.low <= fewer.degraded.high
    assert found[-1].down.high < found[0].down.low


def test_what_never_happened_is_not_said_to_be_impossible() -> None:
    found = simulate(Setting(3, mtbf_s=1e12), 1000, seed=1)
    assert (found.outages, found.down.mean, found.down.low) == (0, 0, 0)
    assert found.down.high == pytest.approx(3.0 * 1.5 / 1000, rel=0.01)


def test_one_replica_where_two_are_needed_is_degraded_all_the_time() -> None:
    found = simulate(Setting(1, needed=2), 400, seed=1)
    assert found.degraded.mean == pytest.approx(MONTH_MIN) == found.degraded.low == found.degraded.high


def test_a_deployment_that_stops_first_costs_a_replacement_time_a_batch() -> None:
    setting = Setting(
        3, mtbf_s=1e12, minimum_healthy=66, maximum=100, replacement=Uniform(75, 75), deployments_a_month=10
    )
    found = simulate(setting, 2000, seed=1)
    # Three batches each; a deployment does not begin while another lasts.
    assert found.missing.mean == pytest.approx(10 * 3 * 75 / 60, rel=0.03)
    assert found.down.mean == 0
    starts_first = replace(setting, minimum_healthy=100, maximum=200)
    assert simulate(starts_first, 400, seed=1).missing.mean == 0


def test_the_second_failure_is_what_the_third_replica_is_for() -> None:
    pairs = Setting(2, mtbf_s=DAY_S, shares=Shares(pair=0.5))
    two, three = (simulate(replace(pairs, replicas=count), 100, seed=1) for count in (2, 3))
    assert two.down.low > 100 * three.down.high


def test_a_common_cause_of_all_takes_any_number() -> None:
    every = Setting(2, mtbf_s=DAY_S, shares=Shares(every=1), replacement=Uniform(75, 75))
    for count in (1, 2, 10):
        found = simulate(replace(every, replicas=count), 200, seed=1)
        assert covers(found.down, 75 / (DAY_S + 75))
        assert found.down.mean == pytest.approx(found.missing.mean)


@pytest.mark.parametrize(
    ("shares", "lasts"),
    [(Shares(every=1), {"every_over_s": 900.0}), (Shares(zone=1), {"zone_over_s": 7200.0})],
    ids=str,
)
def test_what_lasts_is_felt_until_it_is_over_and_the_replacement_is_up(shares: Shares, lasts: dict[str, float]) -> None:
    setting = Setting(3, mtbf_s=30 * DAY_S, shares=shares, replacement=Uniform(75, 75), **lasts)  # type: ignore[arg-type]
    found, felt_s = simulate(setting, 2000, seed=1), sum(lasts.values()) + 75
    assert covers(found.down, felt_s / (30 * DAY_S))
    assert found.down.mean == pytest.approx(found.missing.mean)


def test_a_blow_that_falls_whatever_the_number_of_replicas_falls_at_the_same_times() -> None:
    both = Shares(zone=0.5, every=0.5)
    setting = Setting(2, mtbf_s=DAY_S, shares=both, replacement=Uniform(75, 75), zone_over_s=600, every_over_s=900)
    two, three = (simulate(replace(setting, replicas=count), 40, seed=1) for count in (2, 3))
    assert two.batches["down"] == pytest.approx(three.batches["down"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicas": 0},
        {"replicas": 3, "zones": 0},
        {"replicas": 3, "needed": 1, "needed_min": 2},
        {"replicas": 3, "needed_min": 0},
        {"replicas": 3, "mtbf_s": 0},
        {"replicas": 3, "deployments_a_month": -1},
        {"replicas": 3, "zone_over_s": -1},
        {"replicas": 3, "every_over_s": -1},
        {"replicas": 3, "minimum_healthy": 67, "maximum": 100, "deployments_a_month": 1},
    ],
    ids=str,
)
def test_an_impossible_setting_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Setting(**wrong)  # type: ignore[arg-type]


def test_shares_that_exceed_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="exceed 1"):
        Shares(pair=0.5, zone=0.5, every=0.1)
