"""A measure as people read it."""

import pytest

from lab.units import number


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("during.customers.answered_share", 0.99914, "99.91 %"),
        ("p99_ms", 12.4, "12 ms"),
        ("downtime_s", 7, "7.0 s"),
        ("calls.customers.before_per_s", 33.3, "33.3/s"),
        ("failed", 12, "12"),
        ("sent", 12000, "12,000"),
        ("answered_share", 1, "100 %"),
        ("degraded_share", 0, "0 %"),
        ("degraded_share", 0.00001, "0.00 %"),
        ("p50_ms", 0.74, "0.7 ms"),
        ("retries_per_request", 0.25, "0.25"),
    ],
)
def test_a_measure_has_its_unit(name: str, value: float, shown: str) -> None:
    assert number(name, value) == shown
