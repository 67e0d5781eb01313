"""All the measures of one run, by their names, out of its requests, its faults and what was seen of the stack."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lab import measures
from lab.injector import FaultWindow
from lab.measure_names import DEPENDENCIES
from lab.mix import kinds_of
from lab.record import Record
from lab.result import nearest_rank
from lab.watch import PatternsLook, Seen

Span = tuple[float, float]


@dataclass
class Evidence:
    """What a run left behind, all on the monotonic clock. `spans` are before, during and after, as far as it came.

    `scale`: its schedule ran so many times faster than it is written.
    """

    records: Sequence[Record]
    rate: float
    slo: float
    spans: Mapping[str, Span]
    faults: Sequence[FaultWindow] = ()
    seen: Seen = field(default_factory=Seen)
    in_flight: Sequence[tuple[float, int]] = ()
    orders: Mapping[str, float] = field(default_factory=dict)
    scale: float = 1

    @property
    def fault_s(self) -> float | None:
        """When the first fault began."""
        return min((each.from_s for each in self.faults), default=None)

    @property
    def cure_s(self) -> float | None:
        """When the last fault ended."""
        return max((each.to_s for each in self.faults if each.to_s is not None), default=None)

    def due_in(self, span: Span) -> list[Record]:
        return [each for each in self.records if span[0] <= each.due_s < span[1]]


def all_measures(evidence: Evidence) -> dict[str, float | None]:
    """Every measure that there is; a name that is missing was not to be measured at all."""
    found: dict[str, float | None] = {}
    whole = [
        each for each in evidence.records if each.due_s >= min((span[0] for span in evidence.spans.values()), default=0)
    ]
    spans = {**evidence.spans, **_open_span(evidence)}
    for prefix, records in [("", whole), *((f"{name}.", evidence.due_in(span)) for name, span in spans.items())]:
        figures = measures.figures_of_all(records, rate=evidence.rate, slo=evidence.slo)
        found |= {f"{prefix}{name}": value for name, value in figures.items()}
    found["full_size_downtime_s"] = measures.downtime_s(whole) * evidence.scale
    lags_s = sorted(each.lag_s for each in evidence.records)
    found["lag_p99_ms"] = nearest_rank(lags_s, 99) * 1000
    found["lag_max_ms"] = nearest_rank(lags_s, 100) * 1000
    found["in_flight_max"] = max((count for _, count in evidence.in_flight), default=None)
    return (
        found
        | dict(evidence.orders)
        | _recovery(evidence, whole)
        | _breakers(evidence)
        | _in_flight(evidence)
        | _calls(evidence)
        | _replicas(evidence)
    )


def _recovery(evidence: Evidence, records: Sequence[Record]) -> dict[str, float | None]:
    fault_s = evidence.fault_s
    if fault_s is None:
        return {}
    complete = _complete(evidence.seen)
    signs = [
        measures.first_sign_s(records, fault_s),
        next((at_s for at_s, all_there in complete if at_s >= fault_s and not all_there), None),
        next((look.at_s for look in evidence.seen.patterns if look.at_s >= fault_s and not look.whole), None),
    ]
    noticed = min((sign for sign in signs if sign is not None), default=None)
    return {
        "time_to_detect_s": None if noticed is None else noticed - fault_s,
        "time_to_recover_s": measures.time_to_recover_s(records, fault_s),
        "time_to_full_capacity_s": _whole_again(evidence, fault_s),
        "vulnerability_window_s": measures.lasted_s([(at_s, not all_there) for at_s, all_there in complete]),
    }


def _complete(seen: Seen) -> list[tuple[float, bool]]:
    """Each look at the replicas, and whether it saw as many ready as there were at the first."""
    return [(look.at_s, look.as_many_as(seen.states[0])) for look in seen.states]


def _whole_again(evidence: Evidence, fault_s: float) -> float | None:
    """The later of replicas and breakers."""
    breakers = [(look.at_s, look.whole) for look in evidence.seen.patterns]
    each = [measures.whole_again_s(looks, fault_s) for looks in (_complete(evidence.seen), breakers) if looks]
    there = [value for value in each if value is not None]
    return max(there, default=None) if len(there) == len(each) else None


def _breakers(evidence: Evidence) -> dict[str, float | None]:
    looks, fault_s, cure_s = evidence.seen.patterns, evidence.fault_s, evidence.cure_s
    found: dict[str, float | None] = {}
    if not looks or fault_s is None:
        return found
    for dependency in DEPENDENCIES:
        own = [each for each in evidence.records if each.kind in kinds_of(dependency) and each.due_s >= fault_s]
        opened = [
            *(each.ended_s for each in own if _was_open(each)),
            *(look.at_s for look in looks if look.at_s >= fault_s and _is_open(look, dependency)),
        ]
        opened_s = min(opened, default=None)
        name = f"breaker.{dependency}"
        found[f"{name}.openings"] = _openings(looks, dependency)
        found[f"{name}.opened_after_s"] = None if opened_s is None else opened_s - fault_s
        found[f"{name}.opened_after_calls"] = _calls_to_open(looks, dependency, fault_s)
        found[f"{name}.closed_after_s"] = None
        if cure_s is not None and opened_s is not None:
            closed = [(look.at_s, not _is_open(look, dependency)) for look in looks]
            found[f"{name}.closed_after_s"] = measures.whole_again_s(closed, cure_s)
    return found


def _open_span(evidence: Evidence) -> dict[str, Span]:
    """From the moment at which a breaker was seen open until the cure."""
    fault_s, cure_s = evidence.fault_s, evidence.cure_s
    if fault_s is None or cure_s is None:
        return {}
    told = (each.ended_s for each in evidence.records if each.due_s >= fault_s and _was_open(each))
    seen = (look.at_s for look in evidence.seen.patterns if look.at_s >= fault_s and not look.whole)
    opened_s = min((*told, *seen), default=None)
    return {} if opened_s is None or opened_s >= cure_s else {"open": (opened_s, cure_s)}


def _was_open(record: Record) -> bool:
    """Whether the answer says that a breaker stood open."""
    return record.reason == "circuit_open" or record.failure.endswith("circuit_open")


def _is_open(look: PatternsLook, dependency: str) -> bool:
    return bool(look.breakers(dependency) & {"open", "half_open"})


def _calls_to_open(looks: Sequence[PatternsLook], dependency: str, fault_s: float) -> float | None:
    """By the gateways' own counts: a request's retries are calls too, and it ends only after the last of them."""
    open_s = next((look.at_s for look in looks if look.at_s >= fault_s and _is_open(look, dependency)), None)
    if open_s is None:
        return None
    from_s = max((look.at_s for look in looks if look.at_s < fault_s), default=fault_s)
    failed = [
        (look.at_s, {name: float(each[dependency]["failed"]) for name, each in look.gateways.items()}) for look in looks
    ]
    return measures.counted(failed, from_s, open_s)


def _openings(looks: Sequence[PatternsLook], dependency: str) -> float:
    """By the breakers' own counts; a gateway that was restarted counts anew."""
    counts = [
        (
            look.at_s,
            {name: float(each[dependency]["circuit_breaker"].get("opened", 0)) for name, each in look.gateways.items()},
        )
        for look in looks
    ]
    return sum(risen for _, _, risen in measures.rises(counts))


def _in_flight(evidence: Evidence) -> dict[str, float | None]:
    looks = evidence.seen.patterns
    if not looks:
        return {}
    found: dict[str, float | None] = {}
    counts = {name: [(look.at_s, float(look.in_flight(name))) for look in looks] for name in DEPENDENCIES}
    counts["gateway"] = [(look.at_s, float(look.in_flight_of_all())) for look in looks]
    for subject, values in counts.items():
        name = f"in_flight.{subject}"
        found[f"{name}.max"] = _most(values)
        for phase in ("before", "during"):
            if phase in evidence.spans:
                found[f"{name}.{phase}_max"] = _most(_inside(values, evidence.spans[phase]))
        if "during" in evidence.spans:
            found[f"{name}.growth_per_s"] = measures.growth_per_s(_inside(values, evidence.spans["during"]))
    return found


def _calls(evidence: Evidence) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for service, readings in evidence.seen.calls.items():
        per_s: dict[str, float | None] = {}
        for phase, span in evidence.spans.items():
            per_s[phase] = _rate(readings, span)
            found[f"calls.{service}.{phase}_per_s"] = per_s[phase]
        before, during = per_s.get("before"), per_s.get("during")
        found[f"calls.{service}.fell_by"] = 1 - during / before if before and during is not None else None
        cure_s = evidence.cure_s
        if before and cure_s is not None:
            after = [risen / (to_s - from_s) for from_s, to_s, risen in measures.rises(readings) if from_s >= cure_s]
            found[f"calls.{service}.peak_after"] = max(after) / before if after else None
        if "during" in evidence.spans and during is not None:
            span = evidence.spans["during"]
            sent = sum(each.kind in kinds_of(service) for each in evidence.due_in(span))
            found[f"calls.{service}.per_request"] = during * (span[1] - span[0]) / sent if sent else None
    return found


def _rate(readings: Sequence[tuple[float, Mapping[str, float]]], span: Span) -> float | None:
    """Calls a second, between the first and the last reading in this span."""
    times = [at_s for at_s, _ in readings if span[0] <= at_s <= span[1]]
    if len(times) < 2 or times[-1] == times[0]:
        return None
    return measures.counted(readings, *span) / (times[-1] - times[0])


def _replicas(evidence: Evidence) -> dict[str, float | None]:
    looks = evidence.seen.states
    found: dict[str, float | None] = {}
    for service in (*DEPENDENCIES, "gateway") if looks else ():
        found[f"replicas.{service}.least_ready"] = min(look.ready(service) for look in looks)
        counts = [
            (look.at_s, {each.name: float(each.restarts) for each in look.replicas if each.service == service})
            for look in looks
        ]
        found[f"replicas.{service}.restarts"] = sum(risen for _, _, risen in measures.rises(counts))
    return found


def _inside(values: Iterable[tuple[float, float]], span: Span) -> list[tuple[float, float]]:
    return [(at_s, value) for at_s, value in values if span[0] <= at_s <= span[1]]


def _most(values: Sequence[tuple[float, float]]) -> float | None:
    return max((value for _, value in values), default=None)
