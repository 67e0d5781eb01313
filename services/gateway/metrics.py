"""Calls of each dependency in numbers, all of them there before the first call."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from chassis.metrics import LATENCY_BUCKETS_S
from resilience.events import CallEnded, Event

OUTCOMES = (
    "answered",
    "cached",
    "stale",
    "circuit_open",
    "bulkhead_full",
    "timeout",
    "deadline_exceeded",
    "unreachable",
    "upstream_error",
    "cancelled",
)


class DependencyMetrics:
    """`answered` counts 4xx too: the dependency did its work. `cancelled`: our client went away."""

    def __init__(self, registry: CollectorRegistry, dependencies: tuple[str, ...]) -> None:
        calls = Counter(
            "afloat_dependency_calls",
            "Calls of a dependency that ended, by outcome.",
            ("dependency", "outcome"),
            registry=registry,
        )
        duration = Histogram(
            "afloat_dependency_call_duration_seconds",
            "Time that calls of a dependency took, whatever their outcome, with queue, retries and pauses.",
            ("dependency",),
            buckets=LATENCY_BUCKETS_S,
            registry=registry,
        )
        waits = Histogram(
            "afloat_bulkhead_wait_seconds",
            "Time that the attempts which were made had waited for a slot of the bulkhead.",
            ("dependency",),
            buckets=LATENCY_BUCKETS_S,
            registry=registry,
        )
        in_flight = Gauge("afloat_dependency_in_flight_calls", "Calls being made.", ("dependency",), registry=registry)
        self._calls = {(name, outcome): calls.labels(name, outcome) for name in dependencies for outcome in OUTCOMES}
        self._duration = {name: duration.labels(name) for name in dependencies}
        self._waits = {name: waits.labels(name) for name in dependencies}
        self._in_flight = {name: in_flight.labels(name) for name in dependencies}

    @contextmanager
    def call(self, dependency: str) -> Iterator["CallRecord"]:
        """Count and time what happens inside; the outcome is `cancelled` unless it is set."""
        record = CallRecord()
        started_at = perf_counter()
        self._in_flight[dependency].inc()
        try:
            yield record
        finally:
            self._in_flight[dependency].dec()
            self._duration[dependency].observe(perf_counter() - started_at)
            self._calls[dependency, record.outcome].inc()

    def listen(self, event: Event) -> None:
        """Hear of the pipelines' events."""
        if isinstance(event, CallEnded):
            self._waits[event.name].observe(event.waited_s)


class CallRecord:
    """How a call ended, one of OUTCOMES."""

    __slots__ = ("outcome",)

    def __init__(self) -> None:
        self.outcome = "cancelled"
