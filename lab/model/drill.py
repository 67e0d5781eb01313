"""Runs an experiment's schedule on simulated replicas, and takes the lab's own measures of what visitors get."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import simpy

from lab.experiment import LoadShape, Side, SteadyState
from lab.faults import Kill, Roll
from lab.measures import downtime_s, worst_gap_s
from lab.model.fleet import Fleet, Replica, Steps
from lab.model.setting import Setting, Uniform
from lab.record import Record
from stack.model import numbered
from stack.rollout import kept_ready

NEVER_S = 1e12


@dataclass(frozen=True)
class Drilled:
    """The names of the lab's measures. `vulnerability_window_s`: at least one replica is missing."""

    downtime_s: float
    worst_gap_s: float
    vulnerability_window_s: float


def drill(side: Side, steady: SteadyState, scale: float, start_s: float) -> Drilled:
    """Run the side's kills and deployments `scale` times as fast as they are written.

    A replica is back after the replacement time, which scales, and its own start, which does not. A request fails if no
    replica serves at its time.
    """
    assert side.stack.replacement_s is not None
    back_s = side.stack.replacement_s / scale + start_s
    env = simpy.Environment()
    fleet = Fleet(env, _setting(side, back_s), Random(0))
    began_s = steady.warm_up_s + steady.before_s
    faults = [env.process(_fault(fleet, fault, began_s + fault.at / scale)) for fault in side.faults]
    records: list[Record] = []
    env.process(_visitors(fleet, side.load, records))
    env.run(until=env.all_of(faults))
    env.run(until=max(env.now, began_s + side.phase_s / scale) + steady.after_s)
    return Drilled(downtime_s(records), worst_gap_s(records), fleet.seconds_below(fleet.setting.replicas))


def _setting(side: Side, back_s: float) -> Setting:
    """As the lab deploys: batches of the replicas that may be missing, or one additional replica first."""
    replicas = side.stack.products
    spare = replicas - kept_ready(replicas, side.stack.minimum_healthy)
    return Setting(
        replicas,
        mtbf_s=NEVER_S,
        minimum_healthy=side.stack.minimum_healthy,
        maximum=100 if spare else -(-100 * (replicas + 1) // replicas),
        replacement=Uniform(back_s, back_s),
    )


def _fault(fleet: Fleet, fault: object, at_s: float) -> Steps:
    yield fleet.env.timeout(at_s)
    if isinstance(fault, Roll):
        yield from fleet.deploy()
    elif isinstance(fault, Kill):
        killed = _targets(fleet, fault.target)
        fleet.strike(killed)
        yield fleet.env.all_of([replica.back for replica in killed if replica.back is not None])
    else:
        raise ValueError(f"the model knows kills and deployments only: {fault!r}")


def _targets(fleet: Fleet, targets: Sequence[str]) -> list[Replica]:
    if "products" in targets:
        return fleet.replicas
    return [fleet.replicas[numbered(target)[1] - 1] for target in targets]


def _visitors(fleet: Fleet, load: LoadShape, records: list[Record]) -> Steps:
    while True:
        records.append(Record(fleet.env.now, 0.0, 0.0, "" if fleet.serving else "no replica"))
        yield fleet.env.timeout(len(records) / load.rate - fleet.env.now)
