"""Reads the few numbers of a service's `/metrics` that the dashboard needs. A full parser would be much slower."""

import re
from dataclasses import dataclass
from math import isfinite

_SAMPLE = re.compile(r'^afloat_http_requests_total\{.*route="([^"]*)",status="(\d+)"\} (\S+)$', re.MULTILINE)
_BUCKET = re.compile(
    r'^afloat_http_request_duration_seconds_bucket\{le="([^"]*)",route="([^"]*)"\} (\S+)$', re.MULTILINE
)
# Requests of the dashboard and of operators are not requests of visitors.
_OPERATORS = frozenset({"/livez", "/readyz", "/metrics", "/faults", "/patterns", "unmatched"})
_MOST = 2.0**53


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts since the start of the service: requests, 5xx answers, and a cumulative histogram of seconds."""

    requests: float
    failed: float
    buckets: tuple[tuple[float, float], ...]


def read(text: str) -> Counts | None:
    """The counts of all routes that visitors use; None if a value is not a count."""
    try:
        return _read(text)
    except ValueError:
        return None


def _read(text: str) -> Counts:
    requests = failed = 0.0
    for route, status, value in _SAMPLE.findall(text):
        if route not in _OPERATORS:
            requests += _count(value)
            failed += _count(value) if status >= "500" else 0
    buckets: dict[float, float] = {}
    for limit, route, value in _BUCKET.findall(text):
        if route not in _OPERATORS:
            buckets[float(limit)] = buckets.get(float(limit), 0.0) + _count(value)
    return Counts(requests, failed, tuple(sorted(buckets.items())))


def _count(value: str) -> float:
    """The value must be finite: JSON has no infinity."""
    count = float(value)
    if not (isfinite(count) and 0 <= count <= _MOST):
        raise ValueError(f"not a count: {value[:40]}")
    return count
