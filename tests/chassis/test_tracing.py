"""Traces of one service, as a collector gets them."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from structlog.typing import EventDict

from chassis import otlp
from tests.chassis.client import connected, make_app
from tests.chassis.collector import Collector, collecting
from tests.chassis.process import running
from tests.chassis.waiting import PATIENCE_S

NGINX_ID = "5f0c6a3be47c11d0a1b2c3d4e5f60718"
CALLER = "0af7651916cd43dd8448eb211c80319c"
CALLERS_SPAN = "b7ad6b7169203331"


@asynccontextmanager
async def traced(url: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A service from its start to its stop, at which it sends its last spans."""
    app = make_app(otlp_endpoint=url, **settings)
    async with app.router.lifespan_context(app), connected(app) as client:
        yield client


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as started:
        yield started


def test_without_an_address_nothing_of_the_sdk_is_imported() -> None:
    source = """
import sys
from services.gateway.app import build
from services.gateway.settings import GatewaySettings
import services.dashboard.app, services.products.app
build(GatewaySettings(products_url="http://a:1", customers_url="http://a:1", orders_url="http://a:1", replica="g-1"))
print(*(name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter", "google."))))
"""
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == []


async def test_a_request_begins_a_trace_that_has_the_id_which_nginx_gave_it(collector: Collector) -> None:
    async with traced(collector.url) as client:
        told = (await client.get("/items/about/context", headers={"X-Request-Id": NGINX_ID})).json()
    [span] = collector.spans
    assert (span.trace_id, span.parent) == (NGINX_ID, "")
    assert (span.replica, span.kind, span.name) == ("items-1", "server", "GET /items/about/context")
    assert told["trace_id"] == NGINX_ID


@pytest.mark.parametrize("request_id", ["", "order-7", "0" * 32, NGINX_ID.upper(), "5" * 33])
async def test_if_the_request_id_cannot_be_a_trace_id_a_new_one_is_made(collector: Collector, request_id: str) -> None:
    async with traced(collector.url) as client:
        headers = {"X-Request-Id": request_id} if request_id else {}
        answer = await client.get("/items/about/context", headers=headers)
    [span] = collector.spans
    assert span.trace_id == answer.json()["trace_id"] != request_id
    assert span.attributes["afloat.request_id"] == answer.headers["X-Request-Id"]


async def test_the_trace_of_a_caller_goes_on(collector: Collector) -> None:
    async with traced(collector.url) as client:
        headers = {"X-Request-Id": NGINX_ID, "traceparent": f"00-{CALLER}-{CALLERS_SPAN}-01"}
        told = (await client.get("/items/about/context", headers=headers)).json()
    [span] = collector.spans
    assert (span.trace_id, span.parent) == (CALLER, CALLERS_SPAN)
    assert told["trace_id"] == CALLER


@pytest.mark.parametrize(("flags", "ratio", "sent"), [("00", 1.0, 0), ("01", 0.0, 1), (None, 0.0, 0), (None, 1.0, 1)])
async def test_a_caller_decides_whether_its_trace_is_kept_and_else_the_ratio(
    collector: Collector, flags: str | None, ratio: float, sent: int
) -> None:
    async with traced(collector.url, trace_ratio=ratio) as client:
        headers = {"traceparent": f"00-{CALLER}-{CALLERS_SPAN}-{flags}"} if flags else {}
        told = (await client.get("/items/about/context", headers=headers)).json()
    assert len(collector.spans) == sent
    assert int(told["traceparent"][-2:], 16) & 1 == sent


async def test_probes_and_scrapes_are_no_requests_of_a_visitor(collector: Collector) -> None:
    async with traced(collector.url) as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
    assert collector.spans == []


@pytest.mark.parametrize("query", ["q=s3cret", "s3cret", "token=a&token=s3cret", "t%6Fken=s3cret;x"])
async def test_the_query_string_is_not_sent_to_the_collector(collector: Collector, query: str) -> None:
    async with traced(collector.url) as client:
        for path in ("/items/7", "/nowhere"):
            await client.get(f"{path}?{query}")
    assert [span.attributes["url.path"] for span in collector.spans] == ["/items/7", "/nowhere"]
    assert "s3cret" not in str(collector.spans)


async def test_a_failure_is_marked_and_the_visitors_mistake_is_not(collector: Collector, log: list[EventDict]) -> None:
    async with traced(collector.url) as client:
        await client.get("/items/faults/away")
        await client.get("/items/0")
    assert [(span.attributes["http.response.status_code"], span.failed) for span in collector.spans] == [
        (503, True),
        (422, False),
    ]


async def test_a_process_that_is_stopped_sends_what_it_has_before_it_ends(collector: Collector) -> None:
    async with running(drain_s=0, otel={"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}) as service:
        await service.get("/quick", f"X-Request-Id: {NGINX_ID}")
        service.terminate()
        assert await service.exit_code() == 0
    assert [span.trace_id for span in collector.spans] == [NGINX_ID]


@asynccontextmanager
async def hung() -> AsyncIterator[str]:
    """A collector that takes connections and never says a word."""
    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: connections.append(writer), "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in connections:
            writer.close()
        await server.wait_closed()


async def test_a_collector_that_hangs_delays_neither_a_request_nor_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    shut_down, stopped, calls = TracerProvider.shutdown, threading.Event(), []

    def hang(provider: TracerProvider) -> None:
        """Takes longer than the service to stop, which therefore must not wait for it."""
        calls.append("begun")
        stopped.wait(PATIENCE_S)
        calls.append("ended")
        shut_down(provider)

    monkeypatch.setattr(TracerProvider, "shutdown", hang)
    async with hung() as url:
        async with traced(url) as client:
            # More than a batch: it is on its way.
            for _ in range(600):
                assert (await client.get("/items/7")).status_code == 200
        assert calls == ["begun"]
        stopped.set()


async def test_spans_that_do_not_fit_into_the_queue_are_dropped(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No batch is given up, however slow this machine: it would arrive all the same, beside the one that took its place.
    monkeypatch.setattr(otlp, "EXPORT_TIMEOUT_S", 60)
    provider = otlp.provider("items", "items-1", collector.url, ratio=1.0)
    tracer = provider.get_tracer("test")
    # The collector is served by this very loop, and hears nothing meanwhile.
    for _ in range(5000):
        tracer.start_span("one of many").end()
    await asyncio.to_thread(provider.shutdown)
    queue, on_its_way = 2048, 512
    assert 0 < len(collector.spans) <= queue + on_its_way


async def test_without_a_collector_only_the_spans_are_lost() -> None:
    async with hung() as gone:
        pass
    async with traced(gone) as client:
        assert (await client.get("/items/7")).status_code == 200
