"""A collector of traces (OTLP over HTTP) that keeps what it is sent."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.chassis.waiting import until


@dataclass(frozen=True)
class Span:
    """A span as it came; ids in hex, `parent` empty for a root."""

    replica: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent: str
    attributes: dict[str, Any]
    events: list[tuple[str, dict[str, Any]]]
    failed: bool


@dataclass
class Collector:
    url: str = ""
    spans: list[Span] = field(default_factory=list)

    def of(self, replica: str, kind: str) -> list[Span]:
        return [span for span in self.spans if span.replica == replica and span.kind == kind]

    async def has(self, count: int) -> None:
        """Wait until so many spans have come in."""
        await until(lambda: len(self.spans) >= count)

    async def export(self, request: web.Request) -> web.Response:
        sent = ExportTraceServiceRequest.FromString(await request.read())
        for each in sent.resource_spans:
            replica = _plain(each.resource.attributes)["service.instance.id"]
            self.spans += [_read(replica, span) for scope in each.scope_spans for span in scope.spans]
        return web.Response()


def _read(replica: str, span: Any) -> Span:
    return Span(
        replica=replica,
        name=span.name,
        kind={2: "server", 3: "client"}.get(span.kind, "other"),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        attributes=_plain(span.attributes),
        events=[(event.name, _plain(event.attributes)) for event in span.events],
        failed=span.status.code == 2,
    )


def _plain(attributes: Iterable[Any]) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector on a free port."""
    collector = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.export)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
