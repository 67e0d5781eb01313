"""What the client makes of an answer: stale, retried, rejected and why."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lab.client import Client, Outcome
from lab.request import Request
from tests.lab.server import Server, serving

PROBLEM = "application/problem+json"


def answering(status: int, body: bytes, **headers: str) -> Callable[[Server, asyncio.StreamWriter], Awaitable[None]]:
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]

    async def behave(server: Server, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status} Word\r\nContent-Length: {len(body)}\r\n{''.join(lines)}\r\n"
        writer.write(head.encode() + body)

    return behave


async def outcome(behave: Callable[[Server, asyncio.StreamWriter], Awaitable[None]], request: Request) -> Outcome:
    with serving(behave) as server:
        client = Client(server.url, 10)
        try:
            return await client.send(request, 30)
        finally:
            await client.close()


@pytest.mark.parametrize(
    ("cache_status", "degraded", "reason"),
    [
        ("gateway; hit; ttl=-12; detail=circuit_open", True, "circuit_open"),
        ("gateway; hit; ttl=-1", True, ""),
        ("gateway; hit; ttl=1", False, ""),
        ("gateway; fwd=miss", False, ""),
        ("", False, ""),
    ],
)
async def test_cached_data_past_its_time_is_degraded(cache_status: str, degraded: bool, reason: str) -> None:
    found = await outcome(answering(200, b"{}", Cache_Status=cache_status), Request("GET", "/"))
    assert (found.failure, found.degraded, found.reason) == ("", degraded, reason)


@pytest.mark.parametrize(
    ("cache_status", "replica"),
    [
        ("gateway; hit; ttl=1", ""),
        ("gateway; hit; ttl=-12; detail=circuit_open", ""),
        ("gateway; fwd=miss", "products-1"),
        ("", "products-1"),
    ],
)
async def test_cached_data_was_not_answered_now_by_the_replica_that_it_names(cache_status: str, replica: str) -> None:
    behave = answering(200, b"{}", Cache_Status=cache_status, X_Served_By="products-1")
    assert (await outcome(behave, Request("GET", "/"))).replica == replica


@pytest.mark.parametrize(
    ("body", "degraded"),
    [
        (b'{"products": {"status": "fresh"}, "customer": {"status": "fresh"}}', False),
        (b'{"products": {"status": "stale"}, "customer": {"status": "fresh"}}', True),
        (b'{"products": {"status": "unavailable"}, "customer": {"status": "fresh"}}', True),
        (b"[]", True),
    ],
)
async def test_a_storefront_is_degraded_when_a_section_is_not_fresh(body: bytes, degraded: bool) -> None:
    found = await outcome(answering(200, body), Request("GET", "/", sections=True))
    assert found.degraded is degraded


@pytest.mark.parametrize(
    ("patterns", "retries"),
    [
        ("retry;dependency=orders;attempts=3", 2),
        ("retry;attempts=2, fallback;reason=circuit_open", 1),
        ("retry;dependency=a;attempts=2, retry;dependency=b;attempts=3", 3),
        ("fallback;dependency=a;reason=timeout", 0),
        ("", 0),
    ],
)
async def test_retries_are_those_that_the_answer_admits(patterns: str, retries: int) -> None:
    for status in (200, 503):
        found = await outcome(answering(status, b"{}", X_Patterns=patterns), Request("GET", "/"))
        assert found.retries == retries


@pytest.mark.parametrize(
    ("content_type", "body", "failure"),
    [
        (PROBLEM, b'{"reason": "circuit_open"}', "status 503 circuit_open"),
        (PROBLEM, b'{"title": "x"}', "status 503"),
        (PROBLEM, b'{"reason": "<script>"}', "status 503"),
        (PROBLEM, b"[]", "status 503"),
        (PROBLEM, b"no json", "status 503"),
        ("application/json", b'{"reason": "circuit_open"}', "status 503"),
    ],
)
async def test_a_problem_document_says_why(content_type: str, body: bytes, failure: str) -> None:
    found = await outcome(answering(503, body, Content_Type=content_type), Request("GET", "/"))
    assert found.failure == failure


async def test_a_body_is_kept_only_where_it_is_wanted() -> None:
    assert (await outcome(answering(200, b"{}"), Request("GET", "/"))).body is None
    assert (await outcome(answering(200, b"{}"), Request("GET", "/", keep_body=True))).body == b"{}"
