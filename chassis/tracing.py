"""Traces with OpenTelemetry. They are off, and the SDK is not imported, unless the URL of a collector is set.

FastAPI creates the span of each request. The trace id comes from the caller's `traceparent`, or from the request id of
nginx if there is no `traceparent`. This file creates the span of each query to PostgreSQL.
"""

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode, Tracer
from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Scope

from chassis.context import RequestContext
from chassis.identity import replica_name
from chassis.settings import ServiceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

# The longest time for sending the last spans after the service has stopped.
FLUSH_S = 2.0
# These paths are for the operator. They have no traces, which would hide those of the visitors' requests.
PRIVATE = frozenset({"/livez", "/readyz", "/metrics", "/faults", "/patterns"})

OFF: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


class Tracing:
    """The traces of one service."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self.tracer: Tracer = provider.get_tracer("afloat")

    @property
    def telemetry(self) -> TelemetryConfig:
        """FastAPI's configuration: one span for each request, and nothing else."""
        return {
            "tracer_provider": self._provider,
            "tracing": True,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
            "exclude": _is_private,
        }

    def read_context(self, request_id: bytes | None, traceparent: bytes | None) -> RequestContext:
        """Like RequestContext.read, but with the trace of the current span."""
        context = RequestContext.read(request_id, traceparent)
        span = trace.get_current_span()
        span_context = span.get_span_context()
        if span_context.is_valid:
            context.trace_id = trace.format_trace_id(span_context.trace_id)
            context.trace_flags = f"{span_context.trace_flags:02x}"
            span.set_attribute("afloat.request_id", context.request_id)
        return context

    def watch(self, engine: AsyncEngine) -> None:
        """Create a span for each query of a traced request, with SQLAlchemy's events."""

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def start_span(
            connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool
        ) -> None:
            if trace.get_current_span().get_span_context().trace_flags.sampled:
                context.span = self.tracer.start_span(
                    statement.split(None, 1)[0].upper(),
                    kind=SpanKind.CLIENT,
                    # The text has placeholders, so it does not contain the visitor's words.
                    attributes={"db.system.name": "postgresql", "db.query.text": statement},
                )

        @event.listens_for(engine.sync_engine, "after_cursor_execute")
        def end_span(
            connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool
        ) -> None:
            if hasattr(context, "span"):
                context.span.end()

        @event.listens_for(engine.sync_engine, "handle_error")
        def end_span_with_error(failure: ExceptionContext) -> None:
            span = getattr(failure.execution_context, "span", None)
            if span is not None:
                span.set_attribute("error.type", type(failure.original_exception).__name__)
                span.set_status(StatusCode.ERROR)
                span.end()

    async def close(self) -> None:
        """Send the last spans, for at most FLUSH_S: a collector that hangs must not delay the stop."""
        closed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # too late: the loop is closed
                loop.call_soon_threadsafe(closed.set)

        # The interpreter does not wait for a daemon thread when it ends.
        threading.Thread(target=shut_down, name="traces-flush", daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), FLUSH_S)


def open_tracing(service: str, settings: ServiceSettings) -> Tracing | None:
    """The traces of the service, or None if the settings have no collector."""
    if not settings.otlp_endpoint:
        return None
    from chassis import otlp

    replica = replica_name(service, settings.replica)
    return Tracing(otlp.provider(service, replica, settings.otlp_endpoint, settings.trace_ratio))


def _is_private(scope: Scope) -> bool:
    return scope["path"] in PRIVATE
