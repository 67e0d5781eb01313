"""The app factory where a service's router is made of others."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, Response
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Message

from chassis.app import create_app
from chassis.settings import ServiceSettings
from tests.chassis.client import connected


def shelf() -> APIRouter:
    """`/shelf` of three routers, one of them within another one."""
    first, second, third = (APIRouter(prefix="/shelf") for _ in range(3))

    @first.get("")
    async def see() -> Response:
        return Response("a shelf")

    @second.put("")
    async def fill() -> Response:
        return Response(status_code=204)

    @third.delete("")
    async def clear() -> Response:
        return Response(status_code=204)

    inner, outer = APIRouter(), APIRouter()
    inner.include_router(second)
    for router in (first, inner, third):
        outer.include_router(router)
    return outer


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    settings = ServiceSettings(replica="shelf-1", faults_enabled=True)
    async with connected(create_app("shelf", settings, shelf())) as client:
        yield client


async def test_a_wrong_method_gets_all_allowed_methods_of_the_path(client: httpx.AsyncClient) -> None:
    answer = await client.post("/shelf")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, PUT")


async def requests(client: httpx.AsyncClient) -> dict[tuple[str, str, str], float]:
    families = text_string_to_metric_families((await client.get("/metrics")).text)
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in families
        for sample in family.samples
        if sample.name == "afloat_http_requests_total" and sample.labels["route"] != "/metrics"
    }


async def test_every_route_is_shown_at_zero_before_its_first_request(client: httpx.AsyncClient) -> None:
    expected = {(method, "/shelf", "200"): 0.0 for method in ("GET", "PUT", "DELETE")}
    assert await requests(client) == expected
    await client.get("/shelf")
    assert await requests(client) == expected | {("GET", "/shelf", "200"): 1.0}


async def test_a_request_that_a_fault_answers_is_counted_by_its_route(client: httpx.AsyncClient) -> None:
    await client.put("/faults", json={"kind": "error", "status": 503, "for_s": 60})
    assert (await client.get("/shelf")).status_code == 503
    assert (await requests(client))["GET", "/shelf", "503"] == 1


async def test_the_files_of_the_documentation_have_no_time_limit() -> None:
    settings = ServiceSettings(replica="shelf-1", request_timeout_s=0.05)
    app = create_app("shelf", settings, shelf())
    sent: list[Message] = []

    async def send_slowly(message: Message) -> None:
        await asyncio.sleep(0.02)
        sent.append(message)

    path = "/docs/files/swagger-ui-bundle.js"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
    }
    await app(scope, lambda: asyncio.sleep(60, {"type": "http.disconnect"}), send_slowly)
    body = b"".join(message.get("body", b"") for message in sent)
    assert (sent[0]["status"], len(body)) == (200, int(dict(sent[0]["headers"])[b"content-length"]))
