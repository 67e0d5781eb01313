"""Exact steady states, to hold the simulation against: no deployments, no queue for launches.

`binomial` and `birth_death` are the closed forms without common causes. `steady_state` solves the balance equations of
the Markov chain with them, whose states are how many serve in each zone; replacements take exponential time there, and
every cause is over at once.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from lab.model.setting import Setting

State = tuple[int, ...]
MAX_STATES = 2000


def binomial(replicas: int, mtbf_s: float, replacement_s: float) -> list[float]:
    """The share of time in which so many serve. Exact for any distributions with these means, if none is shared."""
    up = mtbf_s / (mtbf_s + replacement_s)
    return [
        math.comb(replicas, serving) * up**serving * (1 - up) ** (replicas - serving) for serving in range(replicas + 1)
    ]


def birth_death(replicas: int, mtbf_s: float, replacement_s: float) -> list[float]:
    """The same from the product formula of a birth-death process: the flows between neighbours balance."""
    weights = [1.0]
    for missing in range(1, replicas + 1):
        fails_per_s = (replicas - missing + 1) / mtbf_s
        returns_per_s = missing / replacement_s
        weights.append(weights[-1] * fails_per_s / returns_per_s)
    return [weight / sum(weights) for weight in reversed(weights)]


def steady_state(setting: Setting) -> list[float]:
    """The share of time in which so many serve, with common causes; for few replicas."""
    if setting.zone_over_s or setting.every_over_s:
        raise ValueError("a cause that lasts has no place in the chain: simulate it")
    sizes = setting.zone_sizes()
    states = list(itertools.product(*(range(size + 1) for size in sizes)))
    if len(states) > MAX_STATES:
        raise ValueError(f"{len(states)} states are too many: simulate it")
    index = {state: number for number, state in enumerate(states)}
    flows = np.zeros((len(states), len(states)))
    for state in states:
        for to, per_s in _flows(setting, sizes, state):
            flows[index[to], index[state]] += per_s
            flows[index[state], index[state]] -= per_s
    # One balance equation follows from the others; that the shares add up to 1 takes its place.
    flows[0, :] = 1.0
    wanted = np.zeros(len(states))
    wanted[0] = 1.0
    shares: defaultdict[int, float] = defaultdict(float)
    for state, share in zip(states, np.linalg.solve(flows, wanted), strict=True):
        shares[sum(state)] += float(share)
    return [shares[serving] for serving in range(setting.replicas + 1)]


def below(shares: Sequence[float], threshold: int) -> float:
    """The share of time in which fewer serve."""
    return math.fsum(shares[:threshold])


def _flows(setting: Setting, sizes: Sequence[int], state: State) -> Iterator[tuple[State, float]]:
    """Where a state leads to, and how often."""
    zones = range(len(sizes))
    for zone in zones:
        if missing := sizes[zone] - state[zone]:
            yield _with(state, zone, +1), missing / setting.replacement.mean_s
        if serving := state[zone]:
            down_in_all = sum(sizes) - sum(state)
            yield _with(state, zone, -1), serving * (setting.alone_per_s + down_in_all * setting.each_pair_per_s)
            yield (*state[:zone], 0, *state[zone + 1 :]), setting.each_zone_per_s
    if setting.each_pair_per_s:
        for first, second in itertools.combinations_with_replacement(zones, 2):
            pairs = math.comb(state[first], 2) if first == second else state[first] * state[second]
            if pairs:
                yield _with(_with(state, first, -1), second, -1), pairs * setting.each_pair_per_s
    if any(state):
        yield tuple(0 for _ in zones), setting.every_per_s


def _with(state: State, zone: int, change: int) -> State:
    return (*state[:zone], state[zone] + change, *state[zone + 1 :])
