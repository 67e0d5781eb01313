"""One trace, from the id that nginx gives a request to PostgreSQL: the gateway, two attempts, Customers, its query."""

from collections.abc import AsyncIterator

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.customers.app import build
from services.customers.settings import CustomersSettings
from tests.chassis.collector import Collector, collecting
from tests.chassis.postgres import PATIENT
from tests.services.database import ShopDatabase
from tests.services.gateway.conftest import OpenGateway, open_gateway, serving, until

__all__ = ["open_gateway"]

NGINX_ID = "5f0c6a3be47c11d0a1b2c3d4e5f60718"


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")  # ms, so that no test waits for a batch
    async with collecting() as started:
        yield started


class FailsOnce:
    """Answers the first request with a 503."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._failed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._failed:
            self._failed = True
            await Response(status_code=503)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def test_one_trace_leads_from_the_request_to_the_query(
    open_gateway: OpenGateway,  # the fixture
    people: ShopDatabase,
    collector: Collector,
) -> None:
    settings = {"database_url": people.url("customers"), "replica": "customers-1", "otlp_endpoint": collector.url}
    customers = build(CustomersSettings.model_validate(settings | PATIENT))
    customers.add_middleware(FailsOnce)
    async with serving(customers) as url:
        gateway = await open_gateway(customers_url=url, otlp_endpoint=collector.url)
        reply = await gateway.get("/api/customers/7", X_Request_Id=NGINX_ID)
        assert (reply.status, reply.headers["X-Served-By"]) == (200, "customers-1")
        await until(lambda: len(collector.spans) == 6)
    assert {span.trace_id for span in collector.spans} == {NGINX_ID}
    [request] = collector.of("gateway-1", "server")
    attempts = collector.of("gateway-1", "client")
    served = collector.of("customers-1", "server")
    [query] = collector.of("customers-1", "client")
    assert request.parent == ""
    assert [span.parent for span in attempts] == [request.span_id] * 2
    assert [span.parent for span in served] == [span.span_id for span in attempts]
    assert [span.failed for span in served] == [True, False]
    assert (query.parent, query.name) == (served[1].span_id, "SELECT")
    assert "$1" in query.attributes["db.query.text"]
