"""What a timeline draws, as data: outcomes second by second, states as intervals, and which run stands for a side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lab.findings import Patterns, Run, Second, SideFound, States, Verdict


@dataclass(frozen=True)
class Outcomes:
    """For every second from the first to the last: how many requests ended in which way. Together they are all sent."""

    from_s: int
    fresh: Sequence[int]
    degraded: Sequence[int]
    rejected: Sequence[int]
    failed: Sequence[int]

    @property
    def sent(self) -> list[int]:
        return [sum(each) for each in zip(self.fresh, self.degraded, self.rejected, self.failed, strict=True)]


@dataclass(frozen=True)
class Interval:
    from_s: float
    to_s: float
    state: str


def outcomes(seconds: Sequence[Second]) -> Outcomes:
    """`failed` leaves out the rejected; a second without requests has none of any."""
    there = {each.at_s: each for each in seconds}
    span = range(min(there, default=0), max(there, default=-1) + 1)
    rows = [there.get(at_s) for at_s in span]
    return Outcomes(
        from_s=span.start,
        fresh=[row.answered - row.degraded if row else 0 for row in rows],
        degraded=[row.degraded if row else 0 for row in rows],
        rejected=[row.rejected if row else 0 for row in rows],
        failed=[row.failed - row.rejected if row else 0 for row in rows],
    )


def end_s(run: Run) -> float:
    """Where the time axis ends: with the load, so that its last second is drawn as short as it was."""
    ends = [*(phase.to_s for phase in run.phases), *(fault.to_s for fault in run.faults)]
    return max(ends or [each.at_s + 1.0 for each in run.seconds], default=1.0)


def replica_states(looks: Sequence[States], until_s: float) -> dict[str, list[Interval]]:
    """The states of each replica; what was seen holds until the next look."""
    names = dict.fromkeys(name for look in looks for name in look.replicas)
    return {
        name: merged(((look.at_s, look.replicas.get(name)) for look in looks), until_s)
        for name in sorted(names, key=_by_number)
    }


def breaker_states(looks: Sequence[Patterns], until_s: float) -> dict[str, list[Interval]]:
    """The states of each gateway's breakers; the gateway is named where there are several."""
    gateways = sorted({gateway for look in looks for gateway in look.gateways}, key=_by_number)
    dependencies = dict.fromkeys(name for look in looks for each in look.gateways.values() for name in each)
    return {
        f"{dependency}, {gateway}" if len(gateways) > 1 else dependency: merged(
            ((look.at_s, _breaker(look, gateway, dependency)) for look in looks), until_s
        )
        for dependency in dependencies
        for gateway in gateways
    }


def merged(moments: Iterable[tuple[float, str | None]], until_s: float) -> list[Interval]:
    """Successive moments of one state as one interval; None is no interval at all."""
    intervals: list[Interval] = []
    last: tuple[float, str | None] = (0.0, None)
    for at_s, state in (*moments, (until_s, None)):
        if state == last[1] and at_s < until_s:
            continue
        if last[1] is not None and at_s > last[0]:
            intervals.append(Interval(last[0], at_s, last[1]))
        last = (at_s, state)
    return intervals


def notable(states: dict[str, list[Interval]], run: Run) -> dict[str, list[Interval]]:
    """Of the replicas those whose service was struck, and those that were ever anything but ready all the time."""
    struck = {target.partition("-")[0] for fault in run.faults for target in fault.targets}
    return {
        name: intervals
        for name, intervals in states.items()
        if name.partition("-")[0] in struck or {each.state for each in intervals} != {"ready"}
    }


def typical(side: SideFound) -> int:
    """The index of the run that stands for a side: the one nearest to the median of failed requests and downtime.

    A valid one, if there is any.
    """

    def distance(run: Run) -> tuple[bool, float]:
        return run.verdict is Verdict.INVALID, sum(_off(run, side, name) for name in ("downtime_s", "failed"))

    return min(range(len(side.runs)), key=lambda index: distance(side.runs[index]))


def _off(run: Run, side: SideFound, name: str) -> float:
    """How far a run is from the median, as a share of the range."""
    value, spread = run.measures.get(name), side.summary.get(name)
    if value is None or spread is None or spread.high == spread.low:
        return 0.0
    return abs(value - spread.median) / (spread.high - spread.low)


def _breaker(look: Patterns, gateway: str, dependency: str) -> str | None:
    state = look.gateways.get(gateway, {}).get(dependency)
    return state.breaker if state else None


def _by_number(name: str) -> tuple[str, int, str]:
    """products-2 before products-10."""
    service, _, number = name.rpartition("-")
    return (service, int(number), name) if number.isdecimal() else (name, 0, name)
