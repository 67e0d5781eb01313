"""An answer of a dependency, and the response that the client gets.

Only the headers that are named here are passed on. The gateway adds `Cache-Status` (RFC 9211), `Age` (RFC 9111), and
`X-Patterns` with the patterns that acted on the call, a list as in RFC 9651:
`retry;dependency=orders;attempts=2, fallback;dependency=products;reason=circuit_open`.
"""

import re
from dataclasses import dataclass
from math import floor

import httpx
from starlette.responses import Response

from resilience.fallback import Served

PATTERNS = "X-Patterns"

_PASSED_ON = (
    b"content-type",
    b"content-encoding",
    b"x-served-by",
    b"retry-after",
    b"idempotency-replayed",
    b"cache-control",
)
# It has a scheme or a host (RFC 3986, 4.2), or its path contains `..` or a backslash.
_ELSEWHERE = re.compile(rb"//|[A-Za-z][A-Za-z0-9+.-]*:|.*\\|(.*/)?\.\.(/|$)")
_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer of a dependency, with the headers that a client may see, their names in lower case."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @classmethod
    def of(cls, response: httpx.Response, body: bytes) -> "Answer":
        received = {name.lower(): value for name, value in response.headers.raw}
        headers = {name: received[name] for name in _PASSED_ON if name in received}
        if b"location" in received:
            headers |= _location(received[b"location"], response.request.url)
        return cls(response.status_code, headers, body)

    @property
    def media_type(self) -> str:
        return self.headers.get(b"content-type", b"").partition(b";")[0].strip().decode("latin-1")

    @property
    def retry_after_s(self) -> float | None:
        """The value of Retry-After, if it is a number of seconds."""
        seconds = self.headers.get(b"retry-after", b"")
        return float(seconds) if seconds.isdigit() and len(seconds) < _MAX_DIGITS else None


def size_bytes(answer: Answer) -> int:
    """The approximate memory of the answer."""
    return len(answer.body) + sum(len(name) + len(value) for name, value in answer.headers.items())


@dataclass(frozen=True, slots=True)
class Reply:
    """The gateway's reply, after so many `attempts`. `fresh_s` is how long the answer is fresh, None for a write."""

    dependency: str
    served: Served[Answer]
    attempts: int
    fresh_s: float | None = None

    @property
    def answer(self) -> Answer:
        return self.served.answer

    @property
    def patterns(self) -> str:
        stale = f"fallback;dependency={self.dependency};reason={self.served.reason}" if self.served.stale else ""
        return list_patterns(self.dependency, self.attempts, stale)

    def response(self) -> Response:
        response = Response(self.answer.body, self.answer.status)
        response.raw_headers += self.answer.headers.items()
        if self.fresh_s is not None:
            response.raw_headers += self._cache_headers(self.fresh_s)
        response.headers.update(patterns_header(self.patterns))
        return response

    def _cache_headers(self, fresh_s: float) -> list[tuple[bytes, bytes]]:
        served = self.served
        if not served.remembered:
            return [(b"cache-status", b"gateway; fwd=miss")]
        ttl_s = floor(fresh_s - served.age_s)
        detail = f"; detail={served.reason}" if served.stale else ""
        status = f"gateway; hit; ttl={ttl_s}{detail}"
        return [(b"cache-status", status.encode()), (b"age", str(int(served.age_s)).encode())]


def list_patterns(dependency: str, attempts: int, pattern: str) -> str:
    """The patterns that acted on a call: the retry, if there was one, and `pattern`. It can be empty."""
    retry = f"retry;dependency={dependency};attempts={attempts}" if attempts > 1 else ""
    return ", ".join(item for item in (retry, pattern) if item)


def patterns_header(*lists: str) -> dict[str, str]:
    """The header X-Patterns with all of these lists. No header if all are empty."""
    patterns = ", ".join(item for item in lists if item)
    return {PATTERNS: patterns} if patterns else {}


def _location(location: bytes, requested: httpx.URL) -> dict[bytes, bytes]:
    """`/orders/7` becomes `/api/orders/7`, `orders/7` stays. A location that is not on the dependency is left out."""
    own = requested.scheme.encode() + b"://" + requested.netloc
    path = location.removeprefix(own) if location.startswith(own + b"/") else location
    if not path or _ELSEWHERE.match(path):
        return {}
    return {b"location": b"/api" + path if path.startswith(b"/") else path}
