"""Traces: a span for each attempt, and an event on the request's span for each action of a pattern.

This is a listener of the pipeline's events. An attempt's span ends with the event CallEnded. Before that event it is
unknown whether a cancelled attempt had a timeout or was cancelled from outside.
"""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, replace

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from resilience.errors import CallFailed
from resilience.events import CallEnded, CallRejected, Event, RetryBudgetSpent, Retrying, StaleServed, StateChanged
from resilience.outcome import Outcome
from services.gateway.answer import Answer
from services.gateway.problems import UpstreamError
from services.gateway.transport import Call, Exchanges


@dataclass(slots=True)
class _Attempt:
    span: Span
    cancelled: bool = False


class AttemptSpans:
    """The attempts to call one dependency. The span of an attempt is a child of the span of its request."""

    def __init__(self, dependency: str, tracer: Tracer) -> None:
        self._dependency = dependency
        self._tracer = tracer
        # A task makes one attempt at a time.
        self._attempt: ContextVar[_Attempt | None] = ContextVar(f"{dependency}_attempt", default=None)
        self._failed_before: ContextVar[int] = ContextVar(f"{dependency}_failed_before", default=0)

    def around(self, transport: Exchanges) -> Exchanges:
        """The transport, with a span for each exchange."""
        return _Traced(transport, self)

    def begin(self, call: Call) -> _Attempt:
        span = self._tracer.start_span(
            f"{call.method} {self._dependency}",
            kind=SpanKind.CLIENT,
            attributes={
                "http.request.method": call.method,
                "url.path": call.target.partition("?")[0],
                "peer.service": self._dependency,
            },
        )
        failed_before = self._failed_before.get()
        if failed_before:
            span.set_attribute("http.request.resend_count", failed_before)
            self._failed_before.set(0)
        attempt = _Attempt(span)
        self._attempt.set(attempt)
        return attempt

    def listen(self, event: Event) -> None:
        """Receive an event of the pipeline."""
        if isinstance(event, CallEnded):
            self._end(event)
            return
        described = _describe(event)
        if described is not None:
            name, attributes = described
            self._span().add_event(name, {"dependency": event.name, **attributes})
        if isinstance(event, Retrying):
            self._failed_before.set(event.attempts)

    def _span(self) -> Span:
        """The request's span. If a background probe outlives its request, the span of its attempt."""
        span, attempt = trace.get_current_span(), self._attempt.get()
        if span.is_recording():
            return span
        return attempt.span if attempt is not None else trace.INVALID_SPAN

    def _end(self, event: CallEnded) -> None:
        attempt = self._attempt.get()
        if attempt is None:
            return
        self._attempt.set(None)
        attempt.span.set_attribute("afloat.outcome", event.outcome.value)
        attempt.span.set_attribute("afloat.bulkhead.waited_s", event.waited_s)
        if attempt.cancelled:
            timed_out = event.outcome is Outcome.FAILURE
            attempt.span.set_attribute("error.type", "timeout" if timed_out else "cancelled")
            attempt.span.set_status(StatusCode.ERROR)
        attempt.span.end()


class _Traced:
    """Makes attempts, and sends the trace context of each attempt in its headers."""

    def __init__(self, transport: Exchanges, spans: AttemptSpans) -> None:
        self._transport = transport
        self._spans = spans

    async def exchange(self, call: Call) -> Answer:
        attempt = self._spans.begin(call)
        span = attempt.span
        headers = dict(call.headers)
        propagate.inject(headers, trace.set_span_in_context(span))
        try:
            answer = await self._transport.exchange(replace(call, headers=headers))
        except Exception as error:
            if isinstance(error, UpstreamError) and error.answer is not None:
                _set_status(span, error.answer.status)
            else:
                reason = error.reason if isinstance(error, CallFailed) else type(error).__name__
                span.set_attribute("error.type", reason)
                span.set_status(StatusCode.ERROR, str(error))
            raise
        except asyncio.CancelledError:
            attempt.cancelled = True
            raise
        _set_status(span, answer.status)
        return answer


def _set_status(span: Span, status: int) -> None:
    span.set_attribute("http.response.status_code", status)
    if status >= 400:
        span.set_attribute("error.type", str(status))
        span.set_status(StatusCode.ERROR)


def _describe(event: Event) -> tuple[str, dict[str, str | int | float]] | None:
    """The name and the attributes of an event in the trace."""
    match event:
        case CallRejected():
            return "rejected", {"reason": event.reason}
        case Retrying():
            return "retrying", {"failed_attempts": event.attempts, "wait_s": event.wait_s}
        case RetryBudgetSpent():
            return "retry_budget_spent", {}
        case StaleServed():
            return "stale_served", {"age_s": event.age_s, "reason": event.reason}
        case StateChanged():
            return "circuit_changed", {"before": event.before, "after": event.after, "cause": event.cause}
        case _:
            return None
