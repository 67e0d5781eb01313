"""What is known about the request being served: its id and its trace, for logs and for calls made on its behalf."""

import random
import re
from contextvars import ContextVar
from dataclasses import dataclass

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_TRACE_ID = re.compile(rb"(?!0{32})[0-9a-f]{32}")
_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


@dataclass(slots=True)
class RequestContext:
    """The id given by the caller or made here, and the W3C trace that the request belongs to."""

    request_id: str
    trace_id: str
    trace_flags: str = "00"

    @classmethod
    def read(cls, request_id: bytes | None, traceparent: bytes | None) -> "RequestContext":
        """From the raw headers; whatever is missing or malformed is made anew.

        A request that brings no trace begins one that has its id, as nginx makes ids: one word finds both.
        """
        known = request_id if request_id and _REQUEST_ID.fullmatch(request_id) else None
        own_id = known.decode() if known else _hex(128)
        trace = _TRACEPARENT.fullmatch(traceparent) if traceparent else None
        if trace:
            return cls(own_id, trace[1].decode(), trace[2].decode())
        return cls(own_id, own_id if known is None else trace_id_of(known) or _hex(128))

    def child_headers(self) -> dict[str, str]:
        """Headers for a call made on behalf of this request: the same id and trace, a new span."""
        return {
            "X-Request-Id": self.request_id,
            "traceparent": f"00-{self.trace_id}-{_hex(64)}-{self.trace_flags}",
        }


current_request: ContextVar[RequestContext | None] = ContextVar("current_request", default=None)


def trace_id_of(request_id: bytes) -> str | None:
    """The id of the trace that a request with this id begins, where it can be one."""
    return request_id.decode() if _TRACE_ID.fullmatch(request_id) else None


def _hex(bits: int) -> str:
    """An id that is neither zero nor, in practice, anyone else's. It is no secret, so it need not ask the system."""
    return f"{random.getrandbits(bits) or 1:0{bits // 4}x}"
