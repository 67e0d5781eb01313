"""Intervals, and that they cover what they should as often as they say."""

from random import Random
from statistics import fmean

import pytest

from lab.model.estimates import BATCHES, RUNS, Estimate, of_amounts, of_batches, of_difference, of_few, poisson_interval


@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0, 2.996), (1, 0.0253, 5.572), (10, 4.795, 18.39), (99, 80.46, 120.53)]
)
def test_the_interval_of_a_count_is_garwoods(events: int, low: float, high: float) -> None:
    assert poisson_interval(events) == pytest.approx((low, high), rel=1e-3, abs=1e-6)


def test_batches_that_are_all_alike_leave_no_doubt() -> None:
    assert of_batches([2.0] * BATCHES) == Estimate(2, 2, 2)


def test_student_needs_as_many_batches_as_its_factor_is_for() -> None:
    with pytest.raises(ValueError, match="39 values"):
        of_batches([1.0] * 39)


@pytest.mark.parametrize("count", [BATCHES, RUNS])
def test_intervals_of_batches_and_of_runs_cover_the_mean_19_times_of_20(count: int) -> None:
    random = Random(3)
    found = [of_batches([random.gauss(5, 1) for _ in range(count)]) for _ in range(1000)]
    assert 0.93 <= fmean(each.covers(5) for each in found) <= 0.97


def test_an_amount_is_never_negative_and_a_difference_may_be() -> None:
    values = [0.0, 1.0] * (BATCHES // 2)
    rare = [20.0, *[0.0] * (BATCHES - 1)]
    assert (of_amounts(rare).low, of_amounts(values)) == (0, of_batches(values))
    assert of_difference(values, values) == Estimate(0, 0, 0)
    assert of_difference([0.0] * BATCHES, rare).mean < 0


def test_what_two_have_in_common_is_in_no_bound_of_their_difference() -> None:
    random = Random(3)
    common = [random.gauss(100, 30) for _ in range(BATCHES)]
    found = of_difference([each + random.gauss(1, 0.1) for each in common], common)
    assert found.covers(1)
    assert found.high - found.low < 0.1


@pytest.mark.parametrize("events_a_period", [0.02, 0.1, 0.5])
def test_intervals_of_few_events_cover_their_sum_at_least_so_often_though_their_lengths_differ(
    events_a_period: float,
) -> None:
    random, covered = Random(3), 0
    for _ in range(1000):
        lengths, at = [], random.expovariate(events_a_period)
        while at < 100:
            lengths.append(random.expovariate(1))
            at += random.expovariate(events_a_period)
        covered += of_few(lengths, longest=5, periods=100).covers(events_a_period)
    assert covered >= 950


def test_an_estimate_is_shown_with_its_interval() -> None:
    assert f"{Estimate(1, 0.5, 2):.2f}" == "1.00 (0.50-2.00)"
