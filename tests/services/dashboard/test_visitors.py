"""Visitors: when they start, and how they classify an answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from services.dashboard.visitors import Visitors, is_stale
from services.dashboard.visits import JOURNEYS, Visit, p99_ms, summarise
from tests.chassis.waiting import until

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def visiting(
    answer: Answer, rate: float = 100, patience_s: float = 5, opens_within_s: float = 0
) -> AsyncIterator[tuple[Visitors, list[Visit]]]:
    """Visitors of a server that answers like this, and their visits so far."""
    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    visits: list[Visit] = []
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    visitors = Visitors(lambda: url, rate, patience_s, visits.append, opens_within_s)
    task = asyncio.create_task(visitors.run())
    try:
        yield visitors, visits
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await runner.cleanup()


async def test_every_journey_is_made_in_turn() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response()

    async with visiting(answer) as (_, visits):
        await until(lambda: len(visits) >= 8)
    assert {visit.journey for visit in visits} == set(JOURNEYS)
    assert {visit.outcome for visit in visits} == {"answered"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome", "why"),
    [
        (200, {"Cache-Status": "gateway; hit; ttl=-12; detail=circuit_open"}, "", "stale", ""),
        (200, {"Cache-Status": "gateway; hit; ttl=1"}, "", "answered", ""),
        (404, {}, "", "answered", ""),
        (429, {}, "", "failed", "status 429"),
        (503, {}, '{"status":503,"reason":"circuit_open"}', "failed", "circuit_open"),
        (502, {}, '{"status": 502, "reason": "unreachable"}', "failed", "unreachable"),
        (500, {}, "<html>", "failed", "status 500"),
        (503, {}, '{"reason":"<script>alert(1)</script>"}', "failed", "status 503"),
        (503, {}, '{"reason":"' + "x" * 1_000_000 + '"}', "failed", "status 503"),
        (302, {"Location": "/control/elsewhere"}, "", "answered", ""),
        (200, {"Content-Encoding": "gzip"}, "this is no gzip", "answered", ""),
    ],
)
async def test_an_answer_is_fresh_or_stale_or_a_failure(
    status: int, headers: dict[str, str], body: str, outcome: str, why: str
) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, headers=headers, text=body)

    async with visiting(answer) as (_, visits):
        await until(lambda: len(visits) > 0)
    assert (visits[0].outcome, visits[0].why) == (outcome, why)


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("says", "known"), [("products-2", "products-2"), ("", ""), ("<script>", ""), ("x" * 1000, "")]
)
async def test_a_visit_has_the_name_of_the_replica_that_served_it(status: int, says: str, known: str) -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(status=status, headers={"X-Served-By": says})

    async with visiting(answer) as (_, visits):
        await until(lambda: len(visits) > 0)
    assert visits[0].served_by == known


async def test_the_first_visitor_starts_when_the_shop_has_opened() -> None:
    """The failures before that are not counted."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response(status=200 if len(asked) > 20 else 503)

    async with visiting(answer, opens_within_s=60) as (visitors, visits):
        assert visitors.waiting
        await until(lambda: len(visits) >= 8)
        assert not visitors.waiting
    assert {visit.outcome for visit in visits} == {"answered"}


async def test_a_shop_that_does_not_open_in_time_is_down() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(status=503)

    async with visiting(answer, opens_within_s=0.5) as (_, visits):
        await until(lambda: len(visits) >= 8)
    assert {visit.outcome for visit in visits} == {"failed"}


async def test_without_visitors_no_request_asks_whether_the_shop_has_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    waits: list[float | None] = []
    wait = Visitors._changes_within

    async def counted(visitors: Visitors, seconds: float | None) -> bool:
        waits.append(seconds)
        return await wait(visitors, seconds)

    monkeypatch.setattr(Visitors, "_changes_within", counted)

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.Response()

    async with visiting(answer, rate=0, opens_within_s=60) as (visitors, visits):
        await until(lambda: len(waits) >= 3)
        assert asked == []
        assert not visitors.waiting
        visitors.send_at(100)
        await until(lambda: len(visits) >= 3)


async def test_a_visitor_sends_one_request_even_if_the_connection_breaks() -> None:
    asked: list[str] = []

    async def hang_up(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with visiting(hang_up, rate=20) as (visitors, visits):
        await until(lambda: len(visits) >= 4)
        visitors.send_at(0)
        await until(lambda: len(visits) == len(asked))
    assert {(visit.outcome, visit.why) for visit in visits} == {("failed", "no connection")}


async def test_a_visitor_gives_up_and_the_others_do_not_wait() -> None:
    arrived: list[str] = []

    async def hang(request: web.BaseRequest) -> web.Response:
        arrived.append(request.path)
        await asyncio.sleep(600)
        return web.Response()

    async with visiting(hang, rate=50, patience_s=0.5) as (_, visits):
        await until(lambda: len(arrived) >= 10)
        assert len(visits) < len(arrived)
        await until(lambda: len(visits) > 0)
    assert (visits[0].outcome, visits[0].why) == ("failed", "gave up waiting")
    assert visits[0].latency_ms >= 500


async def test_visitors_can_be_stopped_and_started_again() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response()

    async with visiting(answer) as (visitors, visits):
        await until(lambda: len(visits) >= 3)
        visitors.send_at(0)
        await asyncio.sleep(0)
        visitors.send_at(50)
        before = len(visits)
        await until(lambda: len(visits) >= before + 3)
        assert visitors.rate == 50


async def test_a_higher_rate_takes_effect_at_once() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response()

    async with visiting(answer, rate=1e-310) as (visitors, visits):
        await until(lambda: len(visits) == 1)
        visitors.send_at(200)
        await until(lambda: len(visits) >= 3)


async def test_visitors_start_again_after_every_stop() -> None:
    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response()

    async with visiting(answer, rate=0) as (visitors, visits):
        for _ in range(5):
            before = len(visits)
            visitors.send_at(200)
            await until(lambda: len(visits) > before)  # noqa: B023
            visitors.send_at(0)
            # Long enough for the loop to see that the rate is zero.
            await asyncio.sleep(0.02)


def test_a_stale_answer_has_a_negative_ttl() -> None:
    assert is_stale("gateway; hit; ttl=-1")
    assert is_stale("origin; hit; ttl=5, gateway; hit; ttl=-3; detail=timeout")
    assert not is_stale("gateway; fwd=miss")
    assert not is_stale("gateway; hit; ttl=0")
    assert not is_stale("")


def test_visits_are_counted_in_all_and_by_journey() -> None:
    visits = [
        Visit("search", "answered", 5, served_by="products-1"),
        Visit("orders", "stale", 7, served_by="orders-1"),
        Visit("orders", "failed", 2500, why="timeout"),
    ]
    summary = summarise(visits)
    assert (summary.answered, summary.stale, summary.failed, summary.p99_ms) == (1, 1, 1, 2500)
    assert summary.journeys["orders"].failed_share == 0.5
    assert summary.reasons == {"timeout": 1}
    assert summary.served_by == {"products-1": 1, "orders-1": 1}
    assert summary.journeys["search"].served_by == {"products-1": 1}


def test_the_p99_is_the_nearest_rank() -> None:
    assert p99_ms([float(each) for each in range(1, 201)]) == 198
    assert p99_ms([3.0]) == 3
    assert p99_ms([]) is None
