"""What of a dependency's answer goes on to the client: never more than is named here."""

import re
from dataclasses import dataclass, replace

import aiohttp
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

    @property
    def retry_after_s(self) -> float | None:
        """The patience that the service asks for, where it gives it in seconds."""
        seconds = self.headers.get(b"retry-after", b"")
        return float(seconds) if seconds.isdigit() and len(seconds) < _MAX_DIGITS else None


def size_bytes(answer: Answer) -> int:
    """What remembering it takes, more or less."""
    return len(answer.body) + sum(len(name) + len(value) for name, value in answer.headers.items())


async def read(response: aiohttp.ClientResponse, base_url: str, limit_bytes: int) -> Answer:
    """The answer as it came, not decompressed; UpstreamError if it has more than `limit_bytes`."""
    announced = response.content_length
    if announced is not None and announced <= limit_bytes:
        body = await response.read()
    elif announced is None:
        body = await _read_up_to(response.content, limit_bytes)
    else:
        raise UpstreamError(f"its answer has {announced} bytes, more than {limit_bytes}")
    found = {name.lower(): value for name, value in response.raw_headers}
    headers = {name: found[name] for name in _PASSED_ON if name in found}
    location = public_location(found.get(b"location", b""), base_url)
    if location:
        headers[b"location"] = location
    return Answer(response.status, headers, body)


async def _read_up_to(content: aiohttp.StreamReader, limit_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > limit_bytes:
            raise UpstreamError(f"its answer has more than {limit_bytes} bytes")
    return bytes(body)


def public_location(location: bytes, base_url: str) -> bytes:
    """`/orders/7` is `/api/orders/7` outside, `orders/7` is the same; empty for a place elsewhere."""
    own = base_url.encode()
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
