"""The exact formulas compared with each other."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.model.setting import Setting, Shares
from tests.lab.model.markov import Exponential, binomial, steady_state

times = st.floats(1, 1000)


@given(st.integers(1, 6), times, times)
@settings(max_examples=30)
def test_the_chain_without_common_causes_is_binomial(replicas: int, mtbf_s: float, replacement_s: float) -> None:
    solved = steady_state(Setting(replicas, mtbf_s=mtbf_s, replacement=Exponential(replacement_s)))
    assert solved == pytest.approx(binomial(replicas, mtbf_s, replacement_s), abs=1e-9)
    assert math.fsum(solved) == pytest.approx(1)


@given(st.integers(1, 5), st.integers(1, 3), times, times, st.tuples(*[st.integers(0, 5)] * 3))
@settings(max_examples=30)
def test_a_replica_serves_for_the_same_share_of_time_whatever_causes_it_shares(
    replicas: int, zones: int, mtbf_s: float, replacement_s: float, weights: tuple[int, int, int]
) -> None:
    pair, zone, every = (weight / (sum(weights) + 1) for weight in weights)
    shares = Shares(pair=pair, zone=zone, every=every)
    setting = Setting(replicas, zones=zones, mtbf_s=mtbf_s, replacement=Exponential(replacement_s), shares=shares)
    serving = sum(number * share for number, share in enumerate(steady_state(setting)))
    assert serving / replicas == pytest.approx(mtbf_s / (mtbf_s + replacement_s))
