"""Metrics of the visits. Each of them is there, at zero, before the first visit."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter

from services.dashboard.visits import JOURNEYS, Outcome, Visit


class VisitMetrics:
    """Counts the visits by outcome, also those without an answer."""

    def __init__(self, registry: CollectorRegistry) -> None:
        visits = Counter(
            "afloat_visits",
            "Visits of the dashboard's visitors, by journey and outcome.",
            ("journey", "outcome"),
            registry=registry,
        )
        self._visits = {
            (journey, outcome): visits.labels(journey, outcome) for journey in JOURNEYS for outcome in get_args(Outcome)
        }

    def count(self, visit: Visit) -> None:
        self._visits[visit.journey, visit.outcome].inc()
