"""The visitors' visits as Prometheus sees them."""

from prometheus_client import CollectorRegistry

from services.dashboard.visit_metrics import VisitMetrics
from services.dashboard.visits import JOURNEYS, Visit


def test_visits_are_counted_by_journey_and_outcome_from_zero() -> None:
    registry = CollectorRegistry()
    metrics = VisitMetrics(registry)

    def count(journey: str, outcome: str) -> float | None:
        return registry.get_sample_value("afloat_visits_total", {"journey": journey, "outcome": outcome})

    assert {count(journey, outcome) for journey in JOURNEYS for outcome in ("answered", "stale", "failed")} == {0}
    metrics.count(Visit("orders", "failed", 12.0, why="timeout"))
    metrics.count(Visit("orders", "failed", 12.0, why="no connection"))
    metrics.count(Visit("search", "stale", 3.0))
    assert (count("orders", "failed"), count("search", "stale"), count("orders", "answered")) == (2, 1, 0)
