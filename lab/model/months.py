"""Many simulated months of a fleet whose replicas fail, alone and together, and are deployed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import simpy

from lab.model.estimates import BATCHES, Estimate, of_batches
from lab.model.fleet import Fleet, Replica, Steps
from lab.model.setting import MINUTE_S, MONTH_S, Setting

STATES = ("down", "degraded", "missing")


@dataclass(frozen=True)
class Outcome:
    """`batches`: minutes a month in each state, in each of 40 parts of the time. `outages`: how often it was down.

    *Down*: fewer than `needed_min` serve. *Degraded*: fewer than `needed`. *Missing*: fewer than there are replicas.
    """

    batches: Mapping[str, Sequence[float]]
    outages: int
    share_by_serving: Sequence[float]

    def minutes(self, state: str) -> Estimate:
        """Minutes a month in the state."""
        return of_batches(self.batches[state])


def simulate(setting: Setting, months: float, seed: int) -> Outcome:
    """The same seed gives the same months.

    Each common cause, and the deployments, have their own random numbers. A cause that is as frequent for any number of
    replicas therefore strikes two settings at the same times, and their difference is not a matter of chance.
    """
    env = simpy.Environment()
    fleet = Fleet(env, setting, Random(seed))
    _start_common_causes(fleet, seed)
    if setting.deployments_a_month:
        env.process(_deployments(fleet, Random(f"{seed} deployments")))
    thresholds = dict(zip(STATES, (setting.needed_min, setting.needed, setting.replicas), strict=True))
    totals_s: dict[str, list[float]] = {state: [0.0] for state in STATES}
    for number in range(1, BATCHES + 1):
        env.run(until=number * months * MONTH_S / BATCHES)
        for state, threshold in thresholds.items():
            totals_s[state].append(fleet.seconds_below(threshold))
    batch_months = months / BATCHES
    return Outcome(
        batches={
            state: [(after - before) / MINUTE_S / batch_months for before, after in pairwise(totals)]
            for state, totals in totals_s.items()
        },
        outages=fleet.outages,
        share_by_serving=[seconds / (months * MONTH_S) for seconds in fleet.seconds_by_serving()],
    )


def _start_common_causes(fleet: Fleet, seed: int) -> None:
    setting, replicas = fleet.setting, fleet.replicas
    by_zone = [[replica for replica in replicas if replica.zone == zone] for zone in range(setting.zones)]
    zones_per_s = setting.each_zone_per_s * setting.zones
    causes: list[tuple[str, float, float, Callable[[Random], Sequence[Replica]]]] = [
        ("pair", setting.pairs_per_s, 0.0, lambda random: random.sample(replicas, 2)),
        ("zone", zones_per_s, setting.zone_outage_s, lambda random: random.choice(by_zone)),
        ("every", setting.every_per_s, setting.every_outage_s, lambda random: replicas),
    ]
    for name, per_s, lasts_s, choose in causes:
        if per_s > 0:
            fleet.env.process(_common_cause(fleet, Random(f"{seed} {name}"), per_s, lasts_s, choose))


def _common_cause(
    fleet: Fleet, random: Random, per_s: float, lasts_s: float, choose: Callable[[Random], Sequence[Replica]]
) -> Steps:
    while True:
        yield fleet.env.timeout(random.expovariate(per_s))
        fleet.strike(choose(random), lasts_s)


def _deployments(fleet: Fleet, random: Random) -> Steps:
    """At random times, but never two at once."""
    while True:
        yield fleet.env.timeout(random.expovariate(fleet.setting.deployments_a_month / MONTH_S))
        yield from fleet.deploy()
