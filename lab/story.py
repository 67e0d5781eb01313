"""A run as it is kept: every time since the load began, a row for each second, each look at the stack."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lab.findings import DependencyState, FaultDone, Patterns, Phase, Run, Said, Second, States, Verdict
from lab.injector import FaultWindow
from lab.load_apart import LoadApart
from lab.measures import is_rejected, whole_second
from lab.mix import SERVICE_OF
from lab.record import Record
from lab.result import nearest_rank
from lab.watch import PatternsLook, Seen


def told(
    load: LoadApart,
    records: Sequence[Record],
    phases: Sequence[tuple[str, float, float | None]],
    journal: Sequence[tuple[float, str]],
    faults: Sequence[FaultWindow],
    seen: Seen,
    **rest: Any,
) -> Run:
    """The Run; `rest` are its other fields."""
    zero_s = load.started_s
    end_s = max((each.ended_s for each in records), default=zero_s)
    by_service: dict[str, list[Record]] = defaultdict(list)
    for each in records:
        by_service[SERVICE_OF[each.kind]].append(each)
    return Run(
        phases=[
            Phase(name=name, from_s=_rounded(from_s - zero_s), to_s=_rounded((to_s or end_s) - zero_s))
            for name, from_s, to_s in phases
        ],
        journal=[Said(at_s=_rounded(at_s - zero_s), text=text) for at_s, text in journal],
        faults=[
            FaultDone(
                kind=each.kind,
                targets=each.targets,
                what=each.what,
                from_s=_rounded(each.from_s - zero_s),
                to_s=_rounded((end_s if each.to_s is None else each.to_s) - zero_s),
            )
            for each in faults
        ],
        failures=dict(Counter(each.failure for each in records if each.failure).most_common()),
        answered_by=dict(Counter(each.replica for each in records if not each.failure and each.replica)),
        seconds=seconds(records, zero_s),
        seconds_by_service={service: seconds(own, zero_s) for service, own in by_service.items()},
        states=[
            States(at_s=_rounded(look.at_s - zero_s), replicas={each.name: each.state for each in look.replicas})
            for look in seen.states
        ],
        patterns=[_patterns(look, zero_s) for look in seen.patterns],
        load_goes_first=load.goes_first,
        **rest,
    )


def not_run(why: str, journal: Sequence[tuple[float, str]], started_at: str, took_s: float) -> Run:
    """The Run of a side that could not be run: no more than the reason, and what was done until then."""
    return Run(
        verdict=Verdict.INVALID,
        reasons=[why],
        started_at=started_at,
        took_s=took_s,
        phases=[],
        measures={},
        expectations=[],
        steady_before=[],
        steady_after=[],
        faults=[],
        journal=[Said(at_s=_rounded(at_s), text=text) for at_s, text in journal],
        failures={},
        answered_by={},
        seconds=[],
        seconds_by_service={},
        states=[],
        patterns=[],
        load_goes_first=False,
    )


def seconds(records: Sequence[Record], zero_s: float) -> list[Second]:
    """A row for each second in which a request was due."""
    rows: dict[int, list[Record]] = defaultdict(list)
    for each in records:
        rows[whole_second(each.due_s - zero_s)].append(each)
    return [_second(at_s, rows[at_s]) for at_s in sorted(rows)]


def _second(at_s: int, records: Sequence[Record]) -> Second:
    latencies_ms = sorted(each.latency_s * 1000 for each in records if not each.failure)
    percentiles = [_rounded(nearest_rank(latencies_ms, percent)) if latencies_ms else None for percent in (50, 99, 100)]
    return Second(
        at_s=at_s,
        sent=len(records),
        answered=len(latencies_ms),
        degraded=sum(each.degraded for each in records if not each.failure),
        rejected=sum(is_rejected(each) for each in records),
        failed=len(records) - len(latencies_ms),
        p50_ms=percentiles[0],
        p99_ms=percentiles[1],
        max_ms=percentiles[2],
    )


def _patterns(look: PatternsLook, zero_s: float) -> Patterns:
    def state(snapshot: Mapping[str, Any]) -> DependencyState:
        return DependencyState(
            breaker=snapshot["circuit_breaker"]["state"],
            in_flight=snapshot["in_flight"],
            bulkhead_in_use=snapshot["bulkhead"]["in_use"],
            bulkhead_queued=snapshot["bulkhead"]["queued"],
        )

    gateways = {
        name: {dependency: state(each) for dependency, each in dependencies.items()}
        for name, dependencies in look.gateways.items()
    }
    return Patterns(at_s=_rounded(look.at_s - zero_s), gateways=gateways)


def _rounded(value: float) -> float:
    return round(value, 3)
