"""The middleware of every service: request id, limits, deadline, metrics, and a problem document for every failure.

It is a pure ASGI middleware, as described in Starlette's documentation.
"""

import asyncio
from collections.abc import Callable
from functools import partial
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

RawHeaders = list[tuple[bytes, bytes]]
Unbounded = Callable[[Scope], bool]
ReadContext = Callable[[bytes | None, bytes | None], RequestContext]

log = structlog.get_logger("chassis")


def never(_: Scope) -> bool:
    return False


class Answer:
    """Sends the app's answer. It keeps the head until the first part of the body, so that a failure can become a 500.

    `status` is 0 until something has been sent.
    """

    def __init__(self, send: Send, outgoing: Callable[[int, RawHeaders], RawHeaders]) -> None:
        self.status = 0
        self._head: Message | None = None
        self._outgoing = outgoing
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._head = message
            return
        if self._head is not None:
            head, self._head = self._head, None
            self.status = head["status"]
            await self._send({**head, "headers": self._outgoing(self.status, head["headers"])})
        await self._send(message)


class Envelope:
    """Checks each request, limits its time, and adds the replica's name and the request id to the answer.

    `unbounded` returns True for a request without a time limit, such as an event stream.
    """

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
            # The app handles HEAD like GET. The server still has the original scope, and does not send the body.
            scope = {**scope, "method": "GET"}
        answer = Answer(send, partial(self._outgoing, context))
        self._metrics.in_flight += 1
        try:
            problem = await self._serve(scope, headers, receive, answer.send)
            if problem is not None and answer.status == 0:
                await problem.response()(scope, receive, answer.send)
            elif problem is not None:
                # It is too late for another answer. The server closes the connection, so the client sees an error.
                log.warning("answer_cut_off", status=problem.status, detail=problem.detail)
        finally:
            self._metrics.in_flight -= 1
            route = getattr(scope.get("route"), "path", UNMATCHED)
            self._metrics.observe(method, route, answer.status or CLIENT_GONE, perf_counter() - started_at)

    async def _serve(self, scope: Scope, headers: limits.Headers, receive: Receive, send: Send) -> Problem | None:
        """Let the app answer. If it fails, return the problem document for the client."""
        body: limits.Body | None = None
        try:
            if self._faults is not None and self._faults.striking:
                # Faults act before the deadline starts, like a slow network before the service.
                receive, send = await self._faults.strike(scope, receive, send)
            if limits.has_body(headers):
                body = limits.Body(receive, self._settings.max_body_bytes)
            time_s = limits.check(scope, headers, self._settings)
            await self._call(scope, body.receive if body else receive, send, time_s)
        except Problem as problem:
            return problem
        except DeadlineExceeded:
            return limits.slow_body() if body and body.awaited else limits.out_of_time()
        except ClientDisconnect:
            return None
        except asyncio.CancelledError:
            # At the end of the stop timeout, uvicorn cancels the remaining requests.
            if not self._drain.started:
                raise
            return Problem(503, "The service is stopping.", retry_after_s=1)
        except Exception:
            log.exception("unhandled_error", path=scope["path"])
            return Problem(500, "The service failed. Its log says why under this request's id.")
        return None

    async def _call(self, scope: Scope, receive: Receive, send: Send, time_s: float) -> None:
        """Call the app. Raises DeadlineExceeded if the time is over. A TimeoutError of the app is not changed."""
        bounded = not self._unbounded(scope)
        current_deadline.set(Deadline.after(time_s) if bounded else None)
        try:
            async with asyncio.timeout(time_s if bounded else None) as limit:
                await self._app(scope, receive, send)
        except TimeoutError as error:
            if limit.expired():
                raise DeadlineExceeded from error
            raise

    def _outgoing(self, context: RequestContext, status: int, headers: RawHeaders) -> RawHeaders:
        outgoing = [*headers, (b"x-request-id", context.request_id.encode())]
        if not any(name == b"x-served-by" for name, _ in headers):
            outgoing.append(self._served_by)
        if self._drain.started or status == limits.SLOW_BODY:
            outgoing.append((b"connection", b"close"))
        return outgoing
