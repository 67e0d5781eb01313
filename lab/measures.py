"""What a run shows, as pure functions over what was recorded. Times are seconds on one clock, whichever it is.

What each measure means stands with its name, in `lab/measure_names.py`.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from lab.load import DROPPED
from lab.mix import GROUPS, kinds_of
from lab.record import Record
from lab.result import nearest_rank

DOWN_BELOW = 0.5
BUDGET_DAYS = 30
_DAY_S = 86_400
REJECTIONS = ("circuit_open", "bulkhead_full")

Figures = dict[str, float | None]


def figures(records: Sequence[Record], *, rate: float, slo: float) -> Figures:
    """The figures of these requests, which fell due at this rate; None where there is nothing to measure."""
    answered = [each for each in records if not each.failure]
    degraded = [each for each in answered if each.degraded]
    rejected = [each for each in records if is_rejected(each)]
    latencies_s = sorted(each.latency_s for each in answered)
    failed_after_s = sorted(each.latency_s for each in records if each.failure and each.failure != DROPPED)
    sent = len(records)
    return {
        "sent": sent,
        "answered": len(answered),
        "failed": sent - len(answered),
        "dropped": sum(each.failure == DROPPED for each in records),
        "degraded": len(degraded),
        "rejected": len(rejected),
        "answered_share": _share(len(answered), sent),
        "fresh_share": _share(len(answered) - len(degraded), sent),
        "degraded_share": _share(len(degraded), sent),
        "p50_ms": _percentile_ms(latencies_s, 50),
        "p95_ms": _percentile_ms(latencies_s, 95),
        "p99_ms": _percentile_ms(latencies_s, 99),
        "p999_ms": _percentile_ms(latencies_s, 99.9),
        "max_ms": _percentile_ms(latencies_s, 100),
        "degraded_p50_ms": _percentile_ms(sorted(each.latency_s for each in degraded), 50),
        "degraded_p95_ms": _percentile_ms(sorted(each.latency_s for each in degraded), 95),
        "failed_p50_ms": _percentile_ms(failed_after_s, 50),
        "failed_p95_ms": _percentile_ms(failed_after_s, 95),
        "rejected_p95_ms": _percentile_ms(sorted(each.latency_s for each in rejected), 95),
        "downtime_s": downtime_s(records),
        "worst_gap_s": worst_gap_s(records),
        "retries_per_request": _share(sum(each.retries for each in records), sent),
        "error_budget_spent": error_budget_spent(sent - len(answered), rate, slo),
    }


def by_group(records: Sequence[Record], *, rate: float, slo: float) -> dict[str, Figures]:
    """The figures of each service and each kind of request of which there were any."""
    found = {group: [each for each in records if each.kind in kinds_of(group)] for group in GROUPS}
    return {group: figures(own, rate=rate * len(own) / len(records), slo=slo) for group, own in found.items() if own}


def figures_of_all(records: Sequence[Record], *, rate: float, slo: float) -> Figures:
    """The figures of these requests and, with its name before them, of each group: `customers.answered_share`."""
    found = figures(records, rate=rate, slo=slo)
    for group, own in by_group(records, rate=rate, slo=slo).items():
        found |= {f"{group}.{name}": value for name, value in own.items()}
    return found


def is_rejected(record: Record) -> bool:
    return record.failure.endswith(REJECTIONS)


def downtime_s(records: Iterable[Record]) -> float:
    """Bins of 1 s, from the first due time on; one without requests says nothing and counts for nothing."""
    return float(sum(success < DOWN_BELOW for success in success_by_second(records).values()))


def success_by_second(records: Iterable[Record]) -> dict[int, float]:
    """The share answered of the requests that were due in each second after the first."""
    rows = list(records)
    if not rows:
        return {}
    start_s = min(each.due_s for each in rows)
    sent: dict[int, int] = defaultdict(int)
    answered: dict[int, int] = defaultdict(int)
    for each in rows:
        second = whole_second(each.due_s - start_s)
        sent[second] += 1
        answered[second] += not each.failure
    return {second: answered[second] / sent[second] for second in sorted(sent)}


def whole_second(seconds: float) -> int:
    """The difference of two floats may fall just short of a whole second."""
    return math.floor(seconds + 1e-6)


def worst_gap_s(records: Iterable[Record]) -> float:
    """0 where nothing failed; failures at the end last until the last of them."""
    worst_s, begun_s = 0.0, None
    for each in sorted(records, key=lambda record: record.due_s):
        if each.failure and begun_s is None:
            begun_s = each.due_s
        if begun_s is not None:
            worst_s = max(worst_s, each.due_s - begun_s)
        if not each.failure:
            begun_s = None
    return worst_s


def error_budget_spent(failed: int, rate: float, slo: float) -> float:
    """1 is the whole of what may fail in 30 days."""
    allowed = (1 - slo) * rate * BUDGET_DAYS * _DAY_S
    return failed / allowed if allowed else 0.0


def time_to_recover_s(records: Iterable[Record], fault_s: float) -> float | None:
    """0 where nothing failed after the fault; None where requests still failed in the last second of the load."""
    after = [each for each in records if each.due_s >= fault_s]
    failed_s = max((each.due_s for each in after if each.failure), default=None)
    if failed_s is None:
        return 0.0
    if failed_s > max(each.due_s for each in after) - 1:
        return None
    return float(whole_second(failed_s - fault_s) + 1)


def first_sign_s(records: Iterable[Record], fault_s: float) -> float | None:
    """When a request first ended with a sign that a pattern had acted: retried, rejected, or cached data given."""
    signs = (
        each.ended_s
        for each in records
        if each.due_s >= fault_s and (each.degraded or each.retries or is_rejected(each))
    )
    return min(signs, default=None)


def whole_again_s(moments: Sequence[tuple[float, bool]], fault_s: float) -> float | None:
    """Since the fault until everything was whole for good, by what was seen at these moments.

    0 where nothing was ever missing, None where something still is. What was seen before holds until the next look.
    """
    before = [whole for at_s, whole in moments if at_s < fault_s]
    after = [(fault_s, before[-1] if before else True), *(each for each in moments if each[0] >= fault_s)]
    broken = [number for number, (_, whole) in enumerate(after) if not whole]
    if not broken:
        return 0.0
    if broken[-1] + 1 == len(after):
        return None
    return after[broken[-1] + 1][0] - fault_s


def lasted_s(moments: Sequence[tuple[float, bool]]) -> float:
    """How long something was so in all: from each moment at which it was seen until the next look."""
    return sum(next_s - at_s for (at_s, so), (next_s, _) in pairwise(moments) if so)


def growth_per_s(values: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the least-squares line through values at their times."""
    if len(values) < 3:
        return None
    mean_s = sum(at_s for at_s, _ in values) / len(values)
    mean = sum(value for _, value in values) / len(values)
    spread = sum((at_s - mean_s) ** 2 for at_s, _ in values)
    return sum((at_s - mean_s) * (value - mean) for at_s, value in values) / spread if spread else None


def counted(readings: Sequence[tuple[float, Mapping[str, float]]], from_s: float, to_s: float) -> float:
    """How far counters rose between two times, of replicas that begin anew at 0 whenever they are restarted."""
    inside = [values for at_s, values in readings if from_s <= at_s <= to_s]
    return sum(_rise(before, after) for before, after in pairwise(inside))


def rises(readings: Sequence[tuple[float, Mapping[str, float]]]) -> list[tuple[float, float, float]]:
    """From, to, and how far the counters rose between each reading and the next."""
    return [(from_s, to_s, _rise(before, after)) for (from_s, before), (to_s, after) in pairwise(readings)]


def median_and_range(values: Iterable[float | None]) -> tuple[float, float, float] | None:
    """Median, lowest and highest of the values that there are."""
    there = sorted(value for value in values if value is not None)
    if not there:
        return None
    middle = len(there) // 2
    median = there[middle] if len(there) % 2 else (there[middle - 1] + there[middle]) / 2
    return median, there[0], there[-1]


def _rise(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    return sum(
        value - before[name] if value >= before.get(name, math.inf) else value
        for name, value in after.items()
        if name in before or value
    )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _percentile_ms(ascending_s: Sequence[float], percent: float) -> float | None:
    return nearest_rank(ascending_s, percent) * 1000 if ascending_s else None
