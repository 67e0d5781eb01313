"""OpenTelemetry's SDK, set up: spans go to a collector in batches, from a thread of their own, over OTLP and HTTP.

The queue is bounded. Where the collector is away or slow, spans are dropped and the log says so; no request waits.
"""

from opentelemetry import context as otel_context
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from chassis.context import trace_id_of

# Of one batch, retries included.
EXPORT_TIMEOUT_S = 2.0

_REQUEST_ID = otel_context.create_key("afloat-request-id")


def provider(service: str, replica: str, endpoint: str, ratio: float) -> TracerProvider:
    """Makes spans that name this replica and sends them to `endpoint`, the collector's own address."""
    propagate.set_global_textmap(CompositePropagator([TraceContextTextMapPropagator(), RequestIds()]))
    resource = {"service.namespace": "afloat", "service.name": service, "service.instance.id": replica}
    made = TracerProvider(
        sampler=ParentBasedTraceIdRatio(ratio),
        resource=Resource.create(resource),
        id_generator=IdsOfRequests(),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_TIMEOUT_S)
    made.add_span_processor(WithoutQueries())
    made.add_span_processor(BatchSpanProcessor(exporter))
    return made


class WithoutQueries(SpanProcessor):
    """Takes the query out of a request's span: what a visitor asked for, and at the dashboard's entrance the token.

    FastAPI itself keeps back only what cloud storage signs addresses with, and lets nobody name more.
    """

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if span.attributes is not None and "url.query" in span.attributes:
            # There is no way to remove an attribute.
            span.set_attribute("url.query", "REDACTED")


class RequestIds(TextMapPropagator):
    """Reads the request's id, for a request that is part of no trace yet. (The gateway itself sends it on.)"""

    def extract(
        self, carrier: CarrierT, context: Context | None = None, getter: Getter[CarrierT] = default_getter
    ) -> Context:
        context = context if context is not None else Context()
        if trace.get_current_span(context).get_span_context().is_valid:
            return context
        given = getter.get(carrier, "x-request-id") or [""]
        return otel_context.set_value(_REQUEST_ID, trace_id_of(given[-1].encode()), context)

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        pass

    @property
    def fields(self) -> set[str]:
        return set()


class IdsOfRequests(RandomIdGenerator):
    """A trace that begins with a request has the request's id, where nginx or somebody like it has made that."""

    def generate_trace_id(self) -> int:
        request_id = otel_context.get_value(_REQUEST_ID)
        return int(str(request_id), 16) if request_id else super().generate_trace_id()
