"""The context of the current request: its id and its trace, for logs and for calls to other services."""

import random
import re
from contextvars import ContextVar
from dataclasses import dataclass

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_TRACE_ID = re.compile(rb"(?!0{32})[0-9a-f]{32}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


@dataclass(slots=True)
class RequestContext:
    """The request's id, from the caller or generated here, and the W3C trace that the request belongs to."""

    request_id: str
    trace_id: str
    trace_flags: str = "00"

    @classmethod
    def read(cls, request_id: bytes | None, traceparent: bytes | None) -> "RequestContext":
        """Read the raw headers. A missing or malformed value is generated.

        If the request has no trace, its id becomes the trace id too, if that is possible. (The ids of nginx can be
        trace ids.) Then the same id finds the logs and the trace.
        """
        known = request_id if request_id and _REQUEST_ID.fullmatch(request_id) else None
        own_id = known.decode() if known else _hex(128)
        trace = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
        if trace:
            return cls(own_id, trace[1].decode(), trace[2].decode())
        return cls(own_id, own_id if known is None else trace_id_of(known) or _hex(128))

    def child_headers(self) -> dict[str, str]:
        """Headers for a call that this request makes: the same request id and trace id, with a new span id."""
        return {
            "X-Request-Id": self.request_id,
            "traceparent": f"00-{self.trace_id}-{_hex(64)}-{self.trace_flags}",
        }


current_request: ContextVar[RequestContext | None] = ContextVar("current_request", default=None)


def trace_id_of(request_id: bytes) -> str | None:
    """The request id as a trace id. None if it does not have the form of a trace id."""
    return request_id.decode() if _TRACE_ID.fullmatch(request_id) else None


def _hex(bits: int) -> str:
    """A random id that is not zero. It is not a secret, so the fast generator is good enough."""
    return f"{random.getrandbits(bits) or 1:0{bits // 4}x}"
