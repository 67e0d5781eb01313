"""The few numbers of a service's `/metrics` that the dashboard needs, read without a parser for all of the format."""

import re
from dataclasses import dataclass
from math import isfinite

_SAMPLE = re.compile(r'^afloat_http_requests_total\{.*route="([^"]*)",status="(\d+)"\} (\S+)$', re.MULTILINE)
_BUCKET = re.compile(
    r'^afloat_http_request_duration_seconds_bucket\{le="([^"]*)",route="([^"]*)"\} (\S+)$', re.MULTILINE
)
# What the dashboard and other operators ask is no visitor's request.
_OPERATORS = frozenset({"/livez", "/readyz", "/metrics", "/faults", "/patterns", "unmatched"})
_MOST = 2.0**53


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the service's start: requests, those answered with a 5xx, and how many took at most so many seconds."""

    requests: float
    failed: float
    buckets: tuple[tuple[float, float], ...]


def read(text: str) -> Counts | None:
    """The counts of all routes that visitors use; None where a number is none."""
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
    """Finite, since a page cannot read JSON with infinity in it."""
    count = float(value)
    if not (isfinite(count) and 0 <= count <= _MOST):
        raise ValueError(f"no count: {value[:40]}")
    return count
