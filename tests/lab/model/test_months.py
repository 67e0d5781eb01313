"""The simulation compared with exact formulas."""

import math
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from lab.model.estimates import BATCHES, Estimate, of_batches, of_difference
from lab.model.months import simulate
from lab.model.setting import DAY_S, MINUTE_S, MONTH_S, Duration, Setting, Shares, Uniform
from tests.lab.model.markov import Exponential, binomial, steady_state

MONTH_MIN = MONTH_S / MINUTE_S
ALL_KINDS = Shares(pair=0.1, zone=0.1, every=0.05)
FREQUENT = Setting(3, zones=3, needed=2, mtbf_s=3600, shares=ALL_KINDS, replacement=Exponential(300))


def covers(found: Estimate, share: float) -> bool:
    """Within twice the 95 % interval (four standard errors), so that only an error of the model is outside."""
    return abs(found.mean - share * MONTH_MIN) <= found.high - found.low


@pytest.mark.parametrize(("replicas", "zones"), [(2, 1), (2, 2), (3, 2), (5, 1), (5, 3)])
def test_months_with_common_causes_agree_with_the_exact_steady_state(replicas: int, zones: int) -> None:
    setting = replace(FREQUENT, replicas=replicas, zones=zones)
    exact, found = steady_state(setting), simulate(setting, 8, seed=7)
    assert covers(found.minutes("down"), math.fsum(exact[:1]))
    assert covers(found.minutes("degraded"), math.fsum(exact[:2]))
    assert covers(found.minutes("missing"), math.fsum(exact[:replicas]))
    assert found.share_by_serving == pytest.approx(exact, abs=0.01)
    assert math.fsum(found.share_by_serving) == pytest.approx(1)


@pytest.mark.parametrize("replacement", [Exponential(300), Uniform(200, 400)], ids=repr)
def test_without_common_causes_only_the_means_matter(replacement: Duration) -> None:
    setting = Setting(3, needed=2, mtbf_s=3600, replacement=replacement)
    exact, found = binomial(3, 3600, 300), simulate(setting, 10, seed=5)
    assert covers(found.minutes("degraded"), math.fsum(exact[:2]))
    assert covers(found.minutes("down"), exact[0])


def test_the_same_seed_gives_the_same_months_and_another_seed_others() -> None:
    assert simulate(FREQUENT, 1, seed=1) == simulate(FREQUENT, 1, seed=1)
    assert simulate(FREQUENT, 1, seed=1) != simulate(FREQUENT, 1, seed=2)


@pytest.mark.parametrize("shares", [Shares(), ALL_KINDS], ids=["alone", "common"])
def test_more_replicas_are_never_worse(shares: Shares) -> None:
    found = [simulate(replace(FREQUENT, replicas=count, shares=shares), 6, seed=3) for count in (2, 3, 4)]
    for fewer, more in pairwise(found):
        assert more.minutes("down").low <= fewer.minutes("down").high
        assert more.minutes("degraded").low <= fewer.minutes("degraded").high
    assert found[-1].minutes("down").high < found[0].minutes("down").low


def test_one_replica_where_two_are_needed_is_degraded_all_the_time() -> None:
    degraded = simulate(Setting(1, needed=2), 40, seed=1).minutes("degraded")
    assert degraded.mean == pytest.approx(MONTH_MIN) == degraded.low == degraded.high


def test_a_deployment_that_stops_replicas_first_costs_one_replacement_time_per_batch() -> None:
    setting = Setting(
        3, mtbf_s=1e12, minimum_healthy=66, maximum=100, replacement=Uniform(75, 75), deployments_a_month=10
    )
    found = simulate(setting, 200, seed=1)
    # Three batches in each deployment; two deployments never overlap.
    assert found.minutes("missing").mean == pytest.approx(10 * 3 * 75 / 60, rel=0.05)
    assert found.minutes("down").mean == 0
    starts_first = replace(setting, minimum_healthy=100, maximum=200)
    assert simulate(starts_first, 40, seed=1).minutes("missing").mean == 0


@pytest.mark.parametrize("replicas", [1, 2, 4])
def test_a_common_cause_of_all_takes_any_number(replicas: int) -> None:
    setting = Setting(replicas, mtbf_s=DAY_S, shares=Shares(every=1), replacement=Uniform(75, 75))
    found = simulate(setting, 80, seed=1)
    assert covers(found.minutes("down"), 75 / (DAY_S + 75))
    assert found.batches["down"] == pytest.approx(found.batches["missing"])


@pytest.mark.parametrize(
    ("shares", "outage"),
    [(Shares(every=1), {"every_outage_s": 900.0}), (Shares(zone=1), {"zone_outage_s": 7200.0})],
    ids=str,
)
def test_an_outage_lasts_until_its_cause_is_over_and_the_replacement_is_ready(
    shares: Shares, outage: dict[str, float]
) -> None:
    setting = Setting(3, mtbf_s=30 * DAY_S, shares=shares, replacement=Uniform(75, 75), **outage)  # type: ignore[arg-type]
    found = simulate(setting, 2000, seed=1)
    assert covers(found.minutes("down"), (sum(outage.values()) + 75) / (30 * DAY_S))
    assert found.batches["down"] == pytest.approx(found.batches["missing"])


def test_a_cause_that_does_not_depend_on_the_number_of_replicas_strikes_at_the_same_times() -> None:
    both = Shares(zone=0.5, every=0.5)
    setting = Setting(2, mtbf_s=DAY_S, shares=both, replacement=Uniform(75, 75), zone_outage_s=600, every_outage_s=900)
    two, three = (simulate(replace(setting, replicas=count), 40, seed=1) for count in (2, 3))
    assert two.batches["down"] == pytest.approx(three.batches["down"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicas": 0},
        {"replicas": 3, "zones": 0},
        {"replicas": 3, "needed": 1, "needed_min": 2},
        {"replicas": 3, "mtbf_s": 0},
        {"replicas": 3, "deployments_a_month": -1},
        {"replicas": 3, "zone_outage_s": -1},
        {"replicas": 3, "minimum_healthy": 67, "maximum": 100, "deployments_a_month": 1},
    ],
    ids=str,
)
def test_an_impossible_setting_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must|can never"):
        Setting(**wrong)  # type: ignore[arg-type]


def test_shares_that_exceed_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="exceed 1"):
        Shares(pair=0.5, zone=0.5, every=0.1)


def test_intervals_of_batches_contain_the_mean_in_95_of_100_cases() -> None:
    random = Random(3)
    found = [of_batches([random.gauss(5, 1) for _ in range(BATCHES)]) for _ in range(1000)]
    assert 0.93 <= fmean(one.low <= 5 <= one.high for one in found) <= 0.97


def test_what_two_have_in_common_does_not_widen_the_interval_of_their_difference() -> None:
    random = Random(3)
    common = [random.gauss(100, 30) for _ in range(BATCHES)]
    found = of_difference([value + random.gauss(1, 0.1) for value in common], common)
    assert found.low < 1 < found.high
    assert found.high - found.low < 0.1
