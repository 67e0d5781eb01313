"""A bug in the gateway's own code is a 500 with a traceback in the log, and says nothing about the service."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from services.gateway.answer import Answer
from services.gateway.storefront import Available
from tests.chassis.upstream import answer, hang
from tests.services.gateway.conftest import CUSTOMER, Gateway, until


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    with capture_logs() as events:
        yield events


def bug(*_: Any, **__: Any) -> Any:
    raise AttributeError("a bug of our own")


async def test_a_bug_is_a_500_and_is_not_hidden_by_a_stale_answer(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, logged: list[EventDict]
) -> None:
    gateway.customers.behave = answer(body=CUSTOMER)
    assert (await gateway.get("/api/customers/7")).status == 200
    monkeypatch.setattr(Answer, "of", bug)
    assert (await gateway.get("/api/customers/7")).problem()["status"] == 500
    assert [(event["event"], event["exc_info"]) for event in logged] == [("unhandled_error", True)]
    assert len(gateway.customers.received) == 2, "a bug is not retried"


async def test_a_bug_counts_as_an_internal_error_and_does_not_touch_the_breaker(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answer, "of", bug)
    for _ in range(10):
        await gateway.get("/api/customers/7")
    for outcome, count in {"internal_error": 10, "cancelled": 0, "answered": 0}.items():
        assert await gateway.metric("afloat_dependency_calls_total", dependency="customers", outcome=outcome) == count
    for outcome, count in {"failure": 0, "ignored": 10}.items():
        assert await gateway.metric("afloat_attempts_total", dependency="customers", outcome=outcome) == count
    breaker = (await gateway.get("/patterns")).json["dependencies"]["customers"]["circuit_breaker"]
    assert (breaker["state"], breaker["calls"]) == ("closed", 0)
    route = {"method": "GET", "route": "/api/customers/{customer_id}"}
    assert await gateway.metric("afloat_http_requests_total", **route, status="500") == 10


async def test_a_bug_in_one_section_of_the_storefront_cancels_the_others(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.products.behave = gateway.orders.behave = hang
    gateway.customers.behave = answer(body=CUSTOMER)
    monkeypatch.setattr(Available, "model_validate", bug)
    async with asyncio.timeout(10):
        assert (await gateway.get("/api/storefront/7")).problem()["status"] == 500
    await until(lambda: gateway.products.hung_up == gateway.orders.hung_up == 1)
