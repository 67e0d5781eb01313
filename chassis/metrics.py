"""Prometheus metrics of the HTTP server, one registry a service."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.process_collector import ProcessCollector

LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
# The label of a request that no route matched; never its path, which anyone could make up.
UNMATCHED = "unmatched"
# What nginx calls a client that did not wait for its answer.
CLIENT_GONE = 499

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class HttpMetrics:
    """Requests, their duration and how many are in flight, by route template (never by raw path)."""

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
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def name(self, replica: str) -> None:
        """Say whose metrics these are: Prometheus itself knows only an address."""
        info = Gauge("afloat_replica_info", "1, with the name of this replica.", ("replica",), registry=self.registry)
        info.labels(replica).set(1)

    def expect(self, method: str, route: str) -> None:
        """Show a route at zero before its first request, so that the first one is a rise and not a beginning."""
        self._labelled(method, route, 200)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        requests, duration = self._labelled(method, route, status)
        requests.inc()
        duration.observe(seconds)

    def exposition(self) -> bytes:
        """Everything in the registry, in Prometheus' text format."""
        return generate_latest(self.registry)

    def _labelled(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        """The labelled children are kept: looking them up costs more than counting."""
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            # A client must not be able to grow the metrics with words of its own.
            known = method if method in _METHODS else "other"
            children = (self._requests.labels(known, route, str(status)), self._duration.labels(route))
            if known == method:
                self._children[key] = children
        return children
