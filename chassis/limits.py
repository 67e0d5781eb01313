"""The limits of a request: the size of its head and body, the text of its target, and its remaining time."""

from urllib.parse import unquote_to_bytes

from starlette.types import Message, Receive, Scope

from chassis.problems import Problem
from chassis.settings import ServiceSettings

Headers = dict[bytes, bytes]
SLOW_BODY = 408
_MAX_DIGITS = 9


class Body:
    """Counts the bytes of a request's body. `awaited` is True while the service waits for more of it."""

    __slots__ = ("_complete", "_left", "_max_bytes", "_receive", "awaited")

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self.awaited = False
        self._complete = False
        self._left = max_bytes
        self._max_bytes = max_bytes
        self._receive = receive

    async def receive(self) -> Message:
        self.awaited = not self._complete
        message = await self._receive()
        self.awaited = False
        self._complete = not message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise too_large(self._max_bytes)
        return message


def has_body(headers: Headers) -> bool:
    """Whether the request has a body. The server ensures that the body is not longer than its Content-Length."""
    return b"content-length" in headers or b"transfer-encoding" in headers


def check(scope: Scope, headers: Headers, settings: ServiceSettings) -> float:
    """The seconds that the request may take. Raises a Problem if the request breaks a limit."""
    query: bytes = scope["query_string"]
    path: bytes = scope.get("raw_path") or b""
    size = len(path) + len(query)
    for name, value in scope["headers"]:
        size += len(name) + len(value)
    if size > settings.max_header_bytes:
        raise Problem(431, f"The request's head may have {settings.max_header_bytes} bytes.")
    if not (_is_text(path) and _is_text(query)):
        raise Problem(400, "The target must be UTF-8 text without null bytes.")
    length = headers.get(b"content-length")
    if length is not None and length.isdigit() and _exceeds(length, settings.max_body_bytes):
        raise too_large(settings.max_body_bytes)
    # nginx sends this header unchanged to every replica that it tries, so its earlier tries are not subtracted. A later
    # replica may therefore work longer than the caller waits: by 1 s for each replica that hangs, and by less than
    # AFLOAT_LB_TRIES_TIMEOUT (3 s) in total. Each statement still ends at its own timeout (0.8 s).
    time_ms = headers.get(b"x-deadline-ms")
    return settings.request_timeout_s if time_ms is None else min(settings.request_timeout_s, _seconds(time_ms))


def _exceeds(digits: bytes, limit: int) -> bool:
    """Whether the number is larger than the limit. Python cannot parse numbers with thousands of digits."""
    digits = digits.lstrip(b"0")
    return len(digits) > _MAX_DIGITS or int(digits or b"0") > limit


def too_large(max_bytes: int) -> Problem:
    return Problem(413, f"The body may have {max_bytes} bytes.")


def out_of_time() -> Problem:
    return Problem(504, "The request's time is up.", reason="deadline_exceeded")


def slow_body() -> Problem:
    return Problem(SLOW_BODY, "The body did not arrive in time.")


def _seconds(time_ms: bytes) -> float:
    if not (time_ms.isdigit() and len(time_ms) <= _MAX_DIGITS):
        raise Problem(400, "X-Deadline-Ms must be a whole number of milliseconds.")
    if int(time_ms) == 0:
        raise out_of_time()
    return int(time_ms) / 1000


def _is_text(raw: bytes) -> bool:
    if b"%" not in raw:
        return raw.isascii() and b"\0" not in raw
    decoded = unquote_to_bytes(raw)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in decoded
