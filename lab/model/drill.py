"""An experiment's schedule on simulated replicas: what its visitors would be told, by the lab's own measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import simpy

from lab.experiment import LoadShape, Side, SteadyState
from lab.faults import Kill, Roll
from lab.measures import downtime_s, worst_gap_s
from lab.model.durations import Uniform
from lab.model.fleet import Fleet, Replica, Steps
from lab.model.setting import Setting
from lab.record import Record
from stack.model import numbered
from stack.rollout import kept_ready

FOREVER_S = 1e12


@dataclass(frozen=True)
class Drilled:
    """`missing_s`: with at least one replica missing, which none is where the new serve before the old go."""

    downtime_s: float
    worst_gap_s: float
    failed: int
    missing_s: float


def drill(side: Side, steady: SteadyState, scale: float, start_s: float) -> Drilled:
    """Run the side's kills and deployments `scale` times as fast as they are written.

    A replica is back after the replacement time, which scales, and its own start, which does not. A request fails
    where nobody serves at its time.
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
    return Drilled(
        downtime_s=downtime_s(records),
        worst_gap_s=worst_gap_s(records),
        failed=sum(bool(each.failure) for each in records),
        missing_s=fleet.settle()["missing"].seconds,
    )


def _setting(side: Side, back_s: float) -> Setting:
    """As the lab deploys: in batches of what may be missing, or else with one more first."""
    replicas = side.stack.products
    spare = replicas - kept_ready(replicas, side.stack.minimum_healthy)
    maximum = 100 if spare else -(-100 * (replicas + 1) // replicas)
    return Setting(
        replicas,
        mtbf_s=FOREVER_S,
        minimum_healthy=side.stack.minimum_healthy,
        maximum=maximum,
        replacement=Uniform(back_s, back_s),
    )


def _fault(fleet: Fleet, fault: object, at_s: float) -> Steps:
    yield fleet.env.timeout(at_s)
    if isinstance(fault, Roll):
        yield from fleet.deploy()
    elif isinstance(fault, Kill):
        killed = _meant(fleet, fault.target)
        fleet.knock_out(killed)
        yield fleet.env.all_of([each.back for each in killed if each.back is not None])
    else:
        raise ValueError(f"the model knows kills and deployments: {fault!r}")


def _meant(fleet: Fleet, targets: Sequence[str]) -> list[Replica]:
    numbers = {numbered(target)[1] - 1 for target in targets if target != "products"}
    return fleet.replicas if "products" in targets else [each for each in fleet.replicas if each.number in numbers]


def _visitors(fleet: Fleet, load: LoadShape, records: list[Record]) -> Steps:
    number = 0
    while True:
        records.append(Record(fleet.env.now, 0.0, 0.0, "" if fleet.serving else "nobody"))
        number += 1
        yield fleet.env.timeout(number / load.rate - fleet.env.now)
