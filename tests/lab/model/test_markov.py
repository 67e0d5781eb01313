"""The exact formulas against each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.durations import Exponential
from lab.model.markov import below, binomial, birth_death, steady_state
from lab.model.setting import Setting, Shares

times = st.floats(1, 1000)


def shares_of(weights: tuple[int, int, int, int]) -> Shares:
    pair, zone, every = (weight / (sum(weights) + 1) for weight in weights[:3])
    return Shares(pair=pair, zone=zone, every=every)


@given(st.integers(1, 6), times, times)
def test_three_ways_to_the_same_steady_state(replicas: int, mtbf_s: float, replacement_s: float) -> None:
    solved = steady_state(Setting(replicas, mtbf_s=mtbf_s, replacement=Exponential(replacement_s)))
    assert solved == pytest.approx(binomial(replicas, mtbf_s, replacement_s), abs=1e-9)
    assert birth_death(replicas, mtbf_s, replacement_s) == pytest.approx(binomial(replicas, mtbf_s, replacement_s))
    assert math.fsum(solved) == pytest.approx(1)


@given(st.integers(1, 5), st.integers(1, 3), times, times, st.tuples(*[st.integers(0, 5)] * 4))
def test_one_replica_is_there_as_much_of_the_time_whatever_it_shares_its_failures_with(
    replicas: int, zones: int, mtbf_s: float, replacement_s: float, weights: tuple[int, int, int, int]
) -> None:
    setting = Setting(
        replicas, zones=zones, mtbf_s=mtbf_s, replacement=Exponential(replacement_s), shares=shares_of(weights)
    )
    serving = sum(number * share for number, share in enumerate(steady_state(setting)))
    assert serving / replicas == pytest.approx(mtbf_s / (mtbf_s + replacement_s))


@given(st.integers(2, 5), st.sampled_from(["pair", "zone", "every"]), st.floats(0.05, 1))
def test_common_causes_only_make_it_worse(replicas: int, kind: str, share: float) -> None:
    alone = Setting(replicas, mtbf_s=1000, replacement=Exponential(10))
    shared = Setting(replicas, mtbf_s=1000, replacement=Exponential(10), shares=Shares(**{kind: share}))
    assert below(steady_state(shared), 1) >= below(steady_state(alone), 1) - 1e-15


def test_what_would_take_too_long_to_solve_is_refused() -> None:
    with pytest.raises(ValueError, match="simulate it"):
        steady_state(Setting(300, zones=3))


def test_a_cause_that_lasts_is_refused() -> None:
    for lasts in ({"zone_over_s": 1.0}, {"every_over_s": 1.0}):
        with pytest.raises(ValueError, match="simulate it"):
            steady_state(Setting(3, **lasts))  # type: ignore[arg-type]
