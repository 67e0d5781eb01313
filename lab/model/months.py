"""Many months of a fleet whose replicas fail, alone and together, and are deployed anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import simpy

from lab.model.estimates import BATCHES, FEW, Estimate, of_amounts, of_few
from lab.model.fleet import Fleet, Replica, Steps
from lab.model.setting import MONTH_S, Setting

MINUTE_S = 60.0


@dataclass(frozen=True)
class Outcome:
    """Minutes a month with fewer than `needed_min` serving, fewer than `needed`, and fewer than there are replicas.

    `outages`: how often it was down. `share_by_serving`: of the time, by the number that served. `batches`: the same
    minutes in each of as many parts of the time.
    """

    months: float
    down: Estimate
    degraded: Estimate
    missing: Estimate
    outages: int
    share_by_serving: Sequence[float]
    batches: Mapping[str, Sequence[float]]


def simulate(setting: Setting, months: float, seed: int) -> Outcome:
    """The same seed gives the same months, and other settings the same blows.

    Each common cause and the deployments have random numbers of their own: what strikes as often whatever the number of
    replicas is does so at the same times, and a difference between two settings is theirs.
    """
    env = simpy.Environment()
    fleet = Fleet(env, setting, Random(seed))
    _start_common_causes(fleet, seed)
    if setting.deployments_a_month:
        env.process(_deployments(fleet, Random(f"{seed} deployments")))
    batches: dict[str, list[float]] = {"down": [], "degraded": [], "missing": []}
    for number in range(1, BATCHES + 1):
        before = {name: below.seconds for name, below in fleet.settle().items()}
        env.run(until=number * months * MONTH_S / BATCHES)
        for name, below in fleet.settle().items():
            batches[name].append((below.seconds - before[name]) / MINUTE_S * BATCHES / months)

    def estimate(name: str) -> Estimate:
        below = fleet.settle()[name]
        if len(below.lengths_s) >= FEW or below.threshold > setting.replicas:
            return of_amounts(batches[name])
        longest_min = setting.longest_outage_s / MINUTE_S
        return of_few([length_s / MINUTE_S for length_s in below.lengths_s], longest_min, months)

    return Outcome(
        months=months,
        down=estimate("down"),
        degraded=estimate("degraded"),
        missing=estimate("missing"),
        outages=len(fleet.down.lengths_s),
        share_by_serving=[seconds / (months * MONTH_S) for seconds in fleet.seconds_by_serving],
        batches=batches,
    )


def _start_common_causes(fleet: Fleet, seed: int) -> None:
    setting, replicas = fleet.setting, fleet.replicas
    by_zone = [[each for each in replicas if each.zone == zone] for zone in range(setting.zones)]
    causes: list[tuple[str, float, float, Callable[[Random], Sequence[Replica]]]] = [
        ("pair", setting.pairs_per_s, 0.0, lambda random: random.sample(replicas, 2)),
        (
            "zone",
            setting.each_zone_per_s * setting.zones,
            setting.zone_over_s,
            lambda random: random.choice(by_zone),
        ),
        ("every", setting.every_per_s, setting.every_over_s, lambda random: replicas),
    ]
    for name, per_s, lasts_s, struck in causes:
        if per_s > 0:
            fleet.env.process(_common_cause(fleet, Random(f"{seed} {name}"), per_s, lasts_s, struck))


def _common_cause(
    fleet: Fleet, random: Random, per_s: float, lasts_s: float, struck: Callable[[Random], Sequence[Replica]]
) -> Steps:
    while True:
        yield fleet.env.timeout(random.expovariate(per_s))
        fleet.knock_out(struck(random), lasts_s)


def _deployments(fleet: Fleet, random: Random) -> Steps:
    """At any time, but never two at once."""
    while True:
        yield fleet.env.timeout(random.expovariate(fleet.setting.deployments_a_month / MONTH_S))
        yield from fleet.deploy()
