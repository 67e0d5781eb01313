"""Exact steady states that the simulation is compared with: no deployments, no launch queue, no cause that lasts."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from lab.model.setting import Setting

State = tuple[int, ...]
"""How many replicas serve in each zone."""


@dataclass(frozen=True)
class Exponential:
    """A memoryless replacement time, which the Markov chain needs."""

    mean_s: float

    def draw(self, random: Random) -> float:
        return random.expovariate(1 / self.mean_s)


def binomial(replicas: int, mtbf_s: float, replacement_s: float) -> list[float]:
    """The share of time in which 0, 1, 2, ... serve, for any distributions with these means, without common causes."""
    up = mtbf_s / (mtbf_s + replacement_s)
    return [
        math.comb(replicas, serving) * up**serving * (1 - up) ** (replicas - serving) for serving in range(replicas + 1)
    ]


def steady_state(setting: Setting) -> list[float]:
    """The same with common causes: the solution of the chain's balance equations."""
    sizes = setting.zone_sizes()
    states = list(itertools.product(*(range(size + 1) for size in sizes)))
    index = {state: number for number, state in enumerate(states)}
    flows = np.zeros((len(states), len(states)))
    for state in states:
        for to, per_s in _flows(setting, sizes, state):
            flows[index[to], index[state]] += per_s
            flows[index[state], index[state]] -= per_s
    flows[0, :] = 1.0  # one balance equation follows from the others; in its place: the shares add up to 1
    shares: defaultdict[int, float] = defaultdict(float)
    for state, share in zip(states, np.linalg.solve(flows, np.eye(len(states))[0]), strict=True):
        shares[sum(state)] += float(share)
    return [shares[serving] for serving in range(setting.replicas + 1)]


def _flows(setting: Setting, sizes: Sequence[int], state: State) -> Iterator[tuple[State, float]]:
    """The next states, and the rates."""
    # The rate of one certain pair.
    pair_per_s = setting.pairs_per_s / max(1, math.comb(setting.replicas, 2))
    missing_in_all = sum(sizes) - sum(state)
    for zone, serving in enumerate(state):
        if missing := sizes[zone] - serving:
            yield _with(state, zone, +1), missing / setting.replacement.mean_s
        if serving:
            yield _with(state, zone, -1), serving * (setting.alone_per_s + missing_in_all * pair_per_s)
            yield _with(state, zone, -serving), setting.each_zone_per_s
    for first, second in itertools.combinations_with_replacement(range(len(sizes)), 2):
        pairs = math.comb(state[first], 2) if first == second else state[first] * state[second]
        if pairs:
            yield _with(_with(state, first, -1), second, -1), pairs * pair_per_s
    yield tuple(0 for _ in sizes), setting.every_per_s


def _with(state: State, zone: int, change: int) -> State:
    return (*state[:zone], state[zone] + change, *state[zone + 1 :])
