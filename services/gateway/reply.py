"""A dependency's answer on its way to the client, and what of the patterns shows on it.

`Cache-Status` and `Age` are RFC 9211's and RFC 9111's. `X-Patterns` lists those patterns that acted, in the form of a
list of RFC 9651: `retry;dependency=orders;attempts=2, fallback;dependency=products;reason=circuit_open`.
"""

from dataclasses import dataclass
from math import floor

from starlette.responses import Response

from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.fallback import Served
from services.gateway.answer import Answer

PATTERNS = "X-Patterns"

_PATTERN_OF = {
    CircuitOpen.reason: "circuit_breaker",
    BulkheadFull.reason: "bulkhead",
    AttemptTimeout.reason: "timeout",
    DeadlineExceeded.reason: "deadline",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """`attempts` were sent for this request; `fresh_s` is how long an answer counts as fresh, None for a write."""

    dependency: str
    served: Served[Answer]
    attempts: int
    fresh_s: float | None = None

    @property
    def answer(self) -> Answer:
        return self.served.answer

    @property
    def patterns(self) -> list[str]:
        """Those that acted."""
        acted = _retried(self.dependency, self.attempts)
        if self.served.stale:
            acted.append(f"fallback;dependency={self.dependency};reason={self.served.reason}")
        return acted

    def response(self) -> Response:
        answer = self.served.answer
        response = Response(answer.body, answer.status)
        response.raw_headers += answer.headers.items()
        if self.fresh_s is not None:
            response.raw_headers += self._cache_headers(self.fresh_s)
        acted = self.patterns
        if acted:
            response.headers[PATTERNS] = ", ".join(acted)
        return response

    def _cache_headers(self, fresh_s: float) -> list[tuple[bytes, bytes]]:
        served = self.served
        if not served.remembered:
            return [(b"cache-status", b"gateway; fwd=miss")]
        ttl_s = floor(fresh_s - served.age_s)
        detail = f"; detail={served.reason}" if served.stale else ""
        status = f"gateway; hit; ttl={ttl_s}{detail}"
        return [(b"cache-status", status.encode()), (b"age", str(int(served.age_s)).encode())]


def patterns_of_failure(dependency: str, reason: str, attempts: int) -> list[str]:
    """Those that acted on a call that got no answer."""
    acted = _retried(dependency, attempts)
    if reason in _PATTERN_OF:
        acted.append(f"{_PATTERN_OF[reason]};dependency={dependency}")
    return acted


def _retried(dependency: str, attempts: int) -> list[str]:
    return [f"retry;dependency={dependency};attempts={attempts}"] if attempts > 1 else []
