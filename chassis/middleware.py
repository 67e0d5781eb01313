"""The one middleware around every service: identity, limits, deadline, metrics and the last line of defence.

Plain ASGI in one piece, because each layer of middleware costs every request some tens of microseconds.
"""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from time import perf_counter

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import limits
from chassis.context import RequestContext, current_request
from chassis.faults.active import ActiveFaults
from chassis.health import Drain
from chassis.metrics import CLIENT_GONE, UNMATCHED, HttpMetrics
from chassis.problems import Problem
from chassis.settings import ServiceSettings
from resilience.deadline import Deadline, current_deadline
from resilience.errors import DeadlineExceeded
from resilience.time_limit import TimeLimit

RawHeaders = list[tuple[bytes, bytes]]
Unbounded = Callable[[Scope], bool]
ReadContext = Callable[[bytes | None, bytes | None], RequestContext]


def never(_: Scope) -> bool:
    return False


log = structlog.get_logger("chassis")


class Envelope:
    """Wraps an ASGI app; what goes in is checked, what comes out says who served it."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ServiceSettings,
        replica: str,
        drain: Drain,
        metrics: HttpMetrics,
        faults: ActiveFaults | None = None,
        unbounded: Unbounded = never,
        read_context: ReadContext = RequestContext.read,
    ) -> None:
        self._app = app
        self._read_context = read_context
        self._settings = settings
        self._drain = drain
        self._metrics = metrics
        self._faults = faults
        self._unbounded = unbounded
        self._served_by = (b"x-served-by", replica.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started_at = perf_counter()
        headers = dict(scope["headers"])
        context = self._read_context(headers.get(b"x-request-id"), headers.get(b"traceparent"))
        current_request.set(context)
        method = scope["method"]
        if method == "HEAD":
            # Answered as GET is: the server, which has the scope as it was, leaves out the body.
            scope = {**scope, "method": "GET"}
        status = 0

        async def send_enveloped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._outgoing(status, message["headers"], context)
            await send(message)

        self._metrics.in_flight += 1
        try:
            problem = await self._serve(scope, headers, receive, send_enveloped)
            if problem is not None and status == 0:
                await problem.response()(scope, receive, send_enveloped)
            elif problem is not None:
                # Too late for another answer: the server closes the connection, so nobody takes this one for whole.
                log.warning("answer_cut_off", status=problem.status, detail=problem.detail)
        finally:
            self._metrics.in_flight -= 1
            route = getattr(scope.get("route"), "path", UNMATCHED)
            self._metrics.observe(method, route, status or CLIENT_GONE, perf_counter() - started_at)

    async def _serve(self, scope: Scope, headers: limits.Headers, receive: Receive, send: Send) -> Problem | None:
        """Let the app answer; returns the problem to answer instead if it did not."""
        body: limits.Body | None = None
        try:
            if self._faults is not None and self._faults.striking:
                # Before the clock runs: a slow network takes its time before the service knows of the request.
                receive, send = await self._faults.strike(scope, receive, send)
            if limits.has_body(headers):
                body = limits.Body(receive, self._settings.max_body_bytes)
            time_s = limits.check(scope, headers, self._settings)
            bounded = not self._unbounded(scope)
            current_deadline.set(Deadline.after(time_s) if bounded else None)
            with TimeLimit(time_s, DeadlineExceeded) if bounded else nullcontext():
                await self._app(scope, body.receive if body else receive, send)
        except Problem as problem:
            return problem
        except DeadlineExceeded:
            return limits.slow_body() if body and body.awaited else limits.out_of_time()
        except ClientDisconnect:
            return None
        except asyncio.CancelledError:
            if not self._drain.started:
                raise
            return Problem(503, "The service is stopping.", retry_after_s=1)
        except Exception:
            log.exception("unhandled_error", path=scope["path"])
            return Problem(500, "The service failed; its log says why under this request's id.")
        return None

    def _outgoing(self, status: int, headers: RawHeaders, context: RequestContext) -> RawHeaders:
        extended = [*headers, (b"x-request-id", context.request_id.encode())]
        for name, _ in headers:
            if name == b"x-served-by":
                break
        else:
            extended.append(self._served_by)
        if self._drain.started or status == limits.SLOW_BODY:
            extended.append((b"connection", b"close"))
        return extended
