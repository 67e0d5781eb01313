"""Distributions: their means, and what they draw."""

import math
from random import Random
from statistics import fmean

import pytest

from lab.model.durations import Duration, Exponential, Never, Uniform, Weibull


@pytest.mark.parametrize(
    "duration", [Exponential(75), Weibull(75, 0.7), Weibull(75, 3), Uniform(60, 90), Uniform(75, 75)], ids=repr
)
def test_what_is_drawn_has_the_mean_that_it_is_said_to_have(duration: Duration) -> None:
    random = Random(1)
    assert fmean(duration.draw(random) for _ in range(40_000)) == pytest.approx(duration.mean_s, rel=0.03)


def test_what_never_happens_takes_for_ever() -> None:
    assert Never().draw(Random(1)) == math.inf


def test_a_uniform_time_is_over_for_nobody_before_the_shortest_and_for_all_after_the_longest() -> None:
    shares = [Uniform(60, 90).share_within(seconds) for seconds in (0, 60, 75, 90, 1000)]
    assert shares == [0, 0, 0.5, 1, 1]
    assert [Uniform(75, 75).share_within(seconds) for seconds in (74, 75)] == [0, 1]
