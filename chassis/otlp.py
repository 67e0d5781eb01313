"""Configures OpenTelemetry's SDK. A background thread sends spans in batches to a collector, over OTLP and HTTP.

The queue is bounded. If the collector is slow or unavailable, spans are dropped, which is logged. Requests never wait.
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

# The time limit for one batch, including retries.
EXPORT_TIMEOUT_S = 2.0

_REQUEST_ID = otel_context.create_key("afloat-request-id")


def provider(service: str, replica: str, endpoint: str, ratio: float) -> TracerProvider:
    """Creates spans with the name of this replica and sends them to `endpoint`, the URL of the collector."""
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
    """Hides the query string in a request's span. It contains a visitor's search words, or the dashboard's token.

    FastAPI hides only the signatures of cloud storage URLs, and this cannot be configured.
    """

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if span.attributes is not None and "url.query" in span.attributes:
            # An attribute cannot be removed.
            span.set_attribute("url.query", "REDACTED")


class RequestIds(TextMapPropagator):
    """Reads the request id of a request without a trace. The gateway itself sends the id on."""

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
    """Uses the request id as the id of a new trace, if it has the form of a trace id, like the ids of nginx."""

    def generate_trace_id(self) -> int:
        request_id = otel_context.get_value(_REQUEST_ID)
        return int(str(request_id), 16) if request_id else super().generate_trace_id()
