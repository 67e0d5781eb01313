"""Counts read from what a service really exposes, and turned into rates."""

import pytest

from chassis.metrics import HttpMetrics
from services.dashboard import exposition
from services.dashboard.exposition import Counts
from services.dashboard.rates import Rates


def test_the_counts_are_those_of_the_chassis_own_metrics() -> None:
    metrics = HttpMetrics()
    metrics.observe("GET", "/products/search", 200, 0.003)
    metrics.observe("GET", "/products/{product_id}", 404, 0.02)
    metrics.observe("GET", "/products/search", 503, 0.2)
    counts = exposition.read(metrics.exposition().decode())
    assert counts is not None
    assert (counts.requests, counts.failed) == (3, 1)
    assert counts.buckets[-1] == (float("inf"), 3)
    assert dict(counts.buckets)[0.005] == 1


@pytest.mark.parametrize("route", ["/readyz", "/metrics", "/faults", "/patterns", "/livez", "unmatched"])
def test_what_operators_ask_does_not_count(route: str) -> None:
    metrics = HttpMetrics()
    metrics.observe("GET", route, 200, 0.003)
    counts = exposition.read(metrics.exposition().decode())
    assert counts is not None
    assert counts.requests == 0


def test_a_text_without_metrics_has_no_counts() -> None:
    assert exposition.read("<html>") == Counts(0, 0, ())


def counts(requests: float, fast: float, failed: float = 0) -> Counts:
    return Counts(requests, failed, ((0.01, fast), (0.1, requests), (float("inf"), requests)))


def test_a_rate_needs_two_looks() -> None:
    rates = Rates()
    assert rates.add(0.0, counts(100, 100)).rate == 0
    assert rates.add(2.0, counts(140, 140)).rate == 20


def test_the_p99_lies_within_the_bucket_that_holds_it() -> None:
    rates = Rates()
    rates.add(0.0, counts(0, 0))
    lately = rates.add(1.0, counts(100, 50, failed=25))
    assert lately.p99_ms == pytest.approx(98.2)
    assert lately.failed_share == 0.25


def test_only_the_last_seconds_count() -> None:
    rates = Rates()
    for second in range(20):
        rates.add(float(second), counts(second * 10, 0))
    for second in range(20, 30):
        lately = rates.add(float(second), counts(190, 0))
    assert lately.rate == 0
    assert lately.p99_ms is None


def test_a_process_that_was_started_anew_counts_from_zero() -> None:
    rates = Rates()
    rates.add(0.0, counts(1000, 1000))
    assert rates.add(1.0, counts(5, 5)).rate == 0
    assert rates.add(2.0, counts(15, 15)).rate == 10
