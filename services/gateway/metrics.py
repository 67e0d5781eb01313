"""Metrics of the calls of each dependency. Before the first call, each of them already has the value 0."""

import asyncio
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
    "internal_error",
)
"""How a call can end.

`answered` includes 4xx: the dependency did its work. `cancelled`: the call was cancelled, usually because the client
disconnected. `internal_error`: there is a bug in the gateway.
"""


class DependencyMetrics:
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
        """Count a call and measure its time. The call sets the outcome, unless it is cancelled or has a bug."""
        record = CallRecord()
        started_at = perf_counter()
        self._in_flight[dependency].inc()
        try:
            yield record
        except asyncio.CancelledError:
            record.outcome = "cancelled"
            raise
        finally:
            self._in_flight[dependency].dec()
            self._duration[dependency].observe(perf_counter() - started_at)
            self._calls[dependency, record.outcome].inc()

    def listen(self, event: Event) -> None:
        """Receive an event of a pipeline."""
        if isinstance(event, CallEnded):
            self._waits[event.name].observe(event.waited_s)


class CallRecord:
    """How a call ended, one of OUTCOMES."""

    __slots__ = ("outcome",)

    def __init__(self) -> None:
        self.outcome = "internal_error"
