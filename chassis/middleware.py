"""The one middleware around every service: identity, limits, deadline, metrics and the last line of defence.

Plain ASGI in one piece, because each layer of middleware costs every request some tens of microseconds.
"""

import asyncio
from time import perf_counter
from urllib.parse import unquote_to_bytes

import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.context import RequestContext, current_request
from chassis.health import Drain
from chassis.metrics import HttpMetrics
from chassis.problems import Problem, problem_response
from chassis.settings import ServiceSettings
from resilience.deadline import Deadline, current_deadline

log = structlog.get_logger("chassis")


class Envelope:
    """Wraps an ASGI app; what goes in is checked, what comes out says who served it."""

    def __init__(
        self, app: ASGIApp, settings: ServiceSettings, replica: str, drain: Drain, metrics: HttpMetrics
    ) -> None:
        self._app = app
        self._settings = settings
        self._drain = drain
        self._metrics = metrics
        self._served_by = (b"x-served-by", replica.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        context = RequestContext.read(headers.get(b"x-request-id"), headers.get(b"traceparent"))
        current_request.set(context)
        started_at = perf_counter()
        status = 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._outgoing(message["headers"], context)
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._serve(scope, headers, receive, send_enveloped)
        except TimeoutError:
            if status:
                raise
            await _timeout().response()(scope, receive, send_enveloped)
        except Exception as error:
            log.exception("unhandled_error", path=scope["path"])
            if status:
                raise
            failure = Problem(500, "The service failed; its log says why under this request id.", reason="error")
            await failure.response()(scope, receive, send_enveloped)
            del error
        finally:
            self._metrics.in_flight.dec()
            route = scope.get("route")
            template = getattr(route, "path", "unmatched")
            self._metrics.observe(_method(scope), template, status, perf_counter() - started_at)

    async def _serve(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        time_s = self._settings.request_timeout_s
        if b"x-deadline-ms" in headers:
            time_s = min(time_s, int(headers[b"x-deadline-ms"]) / 1000)
        current_deadline.set(Deadline.after(time_s))
        async with asyncio.timeout(time_s):
            await self._app(scope, self._limited(headers, receive), send)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Response | None:
        """The answer to a request that is not worth looking at, or None."""
        query: bytes = scope["query_string"]
        raw_path: bytes = scope.get("raw_path") or b""
        size = len(raw_path) + len(query) + sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self._settings.max_header_bytes:
            return problem_response(431, f"The request head may have {self._settings.max_header_bytes} bytes.")
        if not (_is_text(raw_path) and _is_text(query)):
            return problem_response(400, "The target is not UTF-8 text, or has a null byte.")
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._settings.max_body_bytes:
            return self._too_large()
        time_ms = headers.get(b"x-deadline-ms", b"1")
        if not (time_ms.isdigit() and len(time_ms) < 10):
            return problem_response(400, "X-Deadline-Ms must be a whole number of milliseconds.")
        if int(time_ms) == 0:
            return problem_response(504, "The deadline had passed.", reason="deadline_exceeded")
        return None

    def _too_large(self) -> Response:
        return problem_response(413, f"The body may have {self._settings.max_body_bytes} bytes.")

    def _limited(self, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        """A body of unknown length is counted as it comes in."""
        if b"transfer-encoding" not in headers:
            return receive
        left = self._settings.max_body_bytes

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise Problem(413, f"The body may have {self._settings.max_body_bytes} bytes.")
            return message

        return counted

    def _outgoing(self, headers: list[tuple[bytes, bytes]], context: RequestContext) -> list[tuple[bytes, bytes]]:
        named = headers if any(name == b"x-served-by" for name, _ in headers) else [*headers, self._served_by]
        extra = [(b"x-request-id", context.request_id.encode())]
        if self._drain.started:
            extra.append((b"connection", b"close"))
        return [*named, *extra]


def _timeout() -> Problem:
    return Problem(504, "The request took longer than it may.", reason="deadline_exceeded")


def _method(scope: Scope) -> str:
    """A label value from a closed set: a client must not be able to grow the metrics."""
    method: str = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} else "other"


def _is_text(raw: bytes) -> bool:
    if b"%" not in raw:
        return b"\0" not in raw and raw.isascii()
    decoded = unquote_to_bytes(raw)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in decoded
