"""What of a dependency's answer goes on to the client: never more than is named here."""

import re
from dataclasses import dataclass, replace

import httpx
from pydantic import ValidationError

from chassis.problems import CONTENT_TYPE, ProblemDocument
from services.gateway.failures import UpstreamError

_PASSED_ON = (
    b"content-type",
    b"content-encoding",
    b"x-served-by",
    b"retry-after",
    b"idempotency-replayed",
    b"cache-control",
)
# With a scheme or a host of its own (RFC 3986, 4.2), or a path out of the service's.
_ELSEWHERE = re.compile(rb"//|[A-Za-z][A-Za-z0-9+.-]*:|.*\\|(.*/)?\.\.(/|$)")
# A 500 may say anything; these are statuses with which a service explains itself.
_EXPLAINED = frozenset({502, 503, 504})
_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, read to its end; header names are in lower case."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @classmethod
    def of(cls, response: httpx.Response, body: bytes) -> "Answer":
        """What a service answered, with the headers that a client may see."""
        found = {name.lower(): value for name, value in response.headers.raw}
        headers = {name: found[name] for name in _PASSED_ON if name in found}
        location = public_location(found.get(b"location", b""), response.request.url)
        if location:
            headers[b"location"] = location
        return cls(response.status_code, headers, body)

    @property
    def retry_after_s(self) -> float | None:
        """The patience that the service asks for, where it gives it in seconds."""
        seconds = self.headers.get(b"retry-after", b"")
        return float(seconds) if seconds.isdigit() and len(seconds) < _MAX_DIGITS else None


def size_bytes(answer: Answer) -> int:
    """What remembering it takes, more or less."""
    return len(answer.body) + sum(len(name) + len(value) for name, value in answer.headers.items())


def public_location(location: bytes, asked: httpx.URL) -> bytes:
    """Where a client finds it: `/orders/7` becomes `/api/orders/7`, `orders/7` stays. Empty for another place."""
    own = asked.scheme.encode() + b"://" + asked.netloc
    path = location.removeprefix(own) if location.startswith(own + b"/") else location
    if _ELSEWHERE.match(path):
        return b""
    return b"/api" + path if path.startswith(b"/") else path


def explanation(answer: Answer, dependency: str) -> Answer | None:
    """The problem document with which a service says why it cannot serve (its database is away, say), or None.

    It is written anew from the members that the contract names, and names the dependency where the service did not.
    """
    content_type = answer.headers.get(b"content-type", b"").partition(b";")[0].strip()
    if answer.status not in _EXPLAINED or content_type != CONTENT_TYPE.encode():
        return None
    try:
        document = ProblemDocument.model_validate_json(answer.body)
    except ValidationError:
        return None
    told = {"dependency": document.dependency or dependency, "reason": document.reason or UpstreamError.reason}
    body = document.model_copy(update=told).model_dump_json(exclude_none=True)
    headers = answer.headers | {b"content-type": CONTENT_TYPE.encode()}
    return replace(answer, headers=headers, body=body.encode())
