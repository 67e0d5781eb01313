"""Traces (OpenTelemetry), off unless a collector's address is set: only then is its SDK imported at all.

FastAPI makes the span of each request; who was there first names the trace: the caller, in `traceparent`, or nginx,
whose request id it is. The span of each query to PostgreSQL is made here. Without traces a request meets none of this.
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

# Longest that the last spans may take to be sent, once the service has stopped.
FLUSH_S = 2.0
# For whoever runs the service; nobody wants to find them among the visitors' requests.
PRIVATE = frozenset({"/livez", "/readyz", "/metrics", "/faults", "/patterns"})

OFF: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


class Tracing:
    """The traces of one service."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self.tracer: Tracer = provider.get_tracer("afloat")

    @property
    def telemetry(self) -> TelemetryConfig:
        """What FastAPI is to record: a span a request, and nothing else."""
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
        """As RequestContext.read, with the trace that the request's span is in."""
        context = RequestContext.read(request_id, traceparent)
        span = trace.get_current_span()
        told = span.get_span_context()
        if told.is_valid:
            context.trace_id = trace.format_trace_id(told.trace_id)
            context.trace_flags = f"{told.trace_flags:02x}"
            span.set_attribute("afloat.request_id", context.request_id)
        return context

    def watch(self, engine: AsyncEngine) -> None:
        """Make a span of each query of this engine that is part of a traced request, through SQLAlchemy's events."""

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def began(connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
            if trace.get_current_span().get_span_context().trace_flags.sampled:
                context.span = self.tracer.start_span(
                    statement.split(None, 1)[0].upper(),
                    kind=SpanKind.CLIENT,
                    # The text has placeholders: it does not contain the visitor's words.
                    attributes={"db.system.name": "postgresql", "db.query.text": statement},
                )

        @event.listens_for(engine.sync_engine, "after_cursor_execute")
        def ended(connection: Connection, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
            if hasattr(context, "span"):
                context.span.end()

        @event.listens_for(engine.sync_engine, "handle_error")
        def failed(failure: ExceptionContext) -> None:
            span = getattr(failure.execution_context, "span", None)
            if span is not None:
                span.set_attribute("error.type", type(failure.original_exception).__name__)
                span.set_status(StatusCode.ERROR)
                span.end()

    async def close(self) -> None:
        """Send what is left, for FLUSH_S at most: a collector that hangs must not hold up the stop."""
        closed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # too late: the loop is closed
                loop.call_soon_threadsafe(closed.set)

        # A daemon, for which the interpreter does not wait when it ends.
        threading.Thread(target=shut_down, name="traces-flush", daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), FLUSH_S)


def open_tracing(service: str, settings: ServiceSettings) -> Tracing | None:
    """The traces that the settings ask for, if they do."""
    if not settings.otlp_endpoint:
        return None
    from chassis import otlp

    replica = replica_name(service, settings.replica)
    return Tracing(otlp.provider(service, replica, settings.otlp_endpoint, settings.trace_ratio))


def _is_private(scope: Scope) -> bool:
    return scope["path"] in PRIVATE
