"""Metrics of the patterns around each dependency. Each of them has a value before the first call.

The values come from snapshots of the pipelines, taken when Prometheus reads the metrics. So they add no work to a call.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from resilience.circuit_states import Closed, Disabled, ForcedOpen, HalfOpen, MetricsOnly, Open
from resilience.fallback import FallbackSnapshot
from resilience.pipeline import Pipeline
from resilience.pipeline_state import PipelineSnapshot


class PatternMetrics(Collector):
    """The snapshots of the pipelines as metrics, with one sample for each dependency."""

    def __init__(self, registry: CollectorRegistry, pipelines: Sequence[Pipeline]) -> None:
        self._pipelines = pipelines
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        snapshots = [pipeline.snapshot() for pipeline in self._pipelines]
        for family, (name, help_text, value) in _SIMPLE:
            metric = family(name, help_text, labels=("dependency",))
            for snapshot in snapshots:
                metric.add_metric((snapshot.name,), value(snapshot))
            yield metric
        for family, (name, help_text, label, values) in _LABELLED:
            metric = family(name, help_text, labels=("dependency", label))
            for snapshot in snapshots:
                for word, number in values(snapshot).items():
                    metric.add_metric((snapshot.name, word), number)
            yield metric


def _cache(snapshot: PipelineSnapshot) -> FallbackSnapshot:
    assert snapshot.fallback is not None, "every pipeline of the gateway has a fallback"
    return snapshot.fallback


_Family = type[GaugeMetricFamily] | type[CounterMetricFamily]
_Simple = tuple[str, str, Callable[[PipelineSnapshot], float]]
_Labelled = tuple[str, str, str, Callable[[PipelineSnapshot], dict[str, float]]]

_GAUGES: tuple[_Simple, ...] = (
    (
        "afloat_circuit_failure_rate",
        "Share of the window's calls that failed.",
        lambda s: s.circuit_breaker.failure_rate or 0,
    ),
    (
        "afloat_circuit_slow_call_rate",
        "Share of the window's calls that were slow.",
        lambda s: s.circuit_breaker.slow_call_rate or 0,
    ),
    (
        "afloat_circuit_next_probe_seconds",
        "Time until an open circuit lets a probe through.",
        lambda s: s.circuit_breaker.next_probe_in_s or 0,
    ),
    (
        "afloat_bulkhead_in_use_slots",
        "Slots taken, of the bulkhead or of the pool shared in its place.",
        lambda s: s.bulkhead.in_use,
    ),
    ("afloat_bulkhead_queued_calls", "Calls waiting for a slot.", lambda s: s.bulkhead.queued),
    ("afloat_bulkhead_limit_slots", "Slots, free or in use.", lambda s: s.bulkhead.max_concurrent),
    ("afloat_attempts_in_flight", "Attempts on the wire.", lambda s: s.in_flight),
    ("afloat_retry_budget_left_retries", "Retries that the budget would allow now.", lambda s: s.retry_budget.left),
    ("afloat_cache_entries", "Answers remembered.", lambda s: _cache(s).entries),
    ("afloat_cache_bytes", "Bytes of the answers remembered.", lambda s: _cache(s).size_bytes),
)
_COUNTERS: tuple[_Simple, ...] = (
    ("afloat_circuit_opened", "Times that the circuit opened.", lambda s: s.circuit_breaker.opened),
    (
        "afloat_circuit_stale_results",
        "Results of an older generation, which change nothing.",
        lambda s: s.circuit_breaker.stale_results,
    ),
    ("afloat_retries", "Attempts after the first.", lambda s: s.retry_budget.retried),
    (
        "afloat_retries_refused",
        "Retries that were due and that the budget did not allow.",
        lambda s: s.retry_budget.refused,
    ),
    ("afloat_stale_answers", "Stale answers served in place of a failed call.", lambda s: _cache(s).stale_served),
    ("afloat_cache_hits", "Fresh answers served from memory.", lambda s: _cache(s).fresh_served),
    ("afloat_cache_followers", "Calls that waited for the same call of somebody else.", lambda s: _cache(s).followed),
)
_STATES = tuple(state.name for state in (Closed, HalfOpen, Open, ForcedOpen, Disabled, MetricsOnly))
_STATE: _Labelled = (
    "afloat_circuit_state",
    "1 for the state that the circuit is in.",
    "state",
    lambda s: {state: float(state == s.circuit_breaker.state) for state in _STATES},
)
_ENABLED: _Labelled = (
    "afloat_pattern_enabled",
    "1 for a pattern that is switched on.",
    "pattern",
    lambda s: {pattern: float(on) for pattern, on in asdict(s.switches).items()},
)
_ATTEMPTS: _Labelled = (
    "afloat_attempts",
    "Attempts that ended, by what they say of the dependency.",
    "outcome",
    lambda s: {"success": s.succeeded, "failure": s.failed, "ignored": s.ignored},
)
_REJECTIONS: _Labelled = (
    "afloat_rejections",
    "Calls that a pattern ended, by reason.",
    "reason",
    lambda s: {reason: float(count) for reason, count in s.rejected.items()},
)

_SIMPLE: tuple[tuple[_Family, _Simple], ...] = (
    *((GaugeMetricFamily, gauge) for gauge in _GAUGES),
    *((CounterMetricFamily, counter) for counter in _COUNTERS),
)
_LABELLED: tuple[tuple[_Family, _Labelled], ...] = (
    (GaugeMetricFamily, _STATE),
    (GaugeMetricFamily, _ENABLED),
    (CounterMetricFamily, _ATTEMPTS),
    (CounterMetricFamily, _REJECTIONS),
)
