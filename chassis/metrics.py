"""Prometheus metrics of a service's HTTP server. Each service has its own registry."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# The route label if no route matches. A path is never a label, because clients can invent any number of paths.
UNMATCHED = "unmatched"
# nginx uses this status if the client closed the connection before the answer.
CLIENT_GONE = 499

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class HttpMetrics:
    """Counts requests, finished and in flight, and measures their duration, by the template of their route."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.in_flight = 0
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "afloat_http_requests",
            "Requests answered, by route template and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._duration = Histogram(
            "afloat_http_request_duration_seconds",
            "Time from the request's head to the answer's end.",
            ("route",),
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        in_flight = Gauge("afloat_http_in_flight_requests", "Requests being served.", registry=self.registry)
        in_flight.set_function(lambda: self.in_flight)

    def name(self, replica: str) -> None:
        """Add a metric with the name of this replica, because Prometheus knows only its address."""
        info = Gauge("afloat_replica_info", "1, with the name of this replica.", ("replica",), registry=self.registry)
        info.labels(replica).set(1)

    def expect(self, method: str, route: str, status: int) -> None:
        """Create a route's metrics with the value 0, so that Prometheus sees the first request as an increase."""
        self._requests.labels(method, route, status)
        self._duration.labels(route)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        # Clients can invent any number of methods too.
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, status).inc()
        self._duration.labels(route).observe(seconds)

    def exposition(self) -> bytes:
        """All metrics of the registry, in Prometheus' text format."""
        return generate_latest(self.registry)
