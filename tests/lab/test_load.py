"""The generator keeps its rate whatever the server does, and tells what became of every request."""

import asyncio
import itertools
import math
from collections.abc import Callable, Iterator
from time import monotonic

import aiohttp
import pytest

from lab.load import DROPPED, TIMEOUT, OpenLoop, Request, searches
from tests.lab import server as behaviour
from tests.lab.server import Behaviour, Server, serving


def numbered(method: str = "GET") -> Iterator[Request]:
    for number in itertools.count():
        yield Request(method, f"/{number}")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def test_each_request_goes_out_once_at_the_rate() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=200, requests=numbered()) as load:
            await until(lambda: len(server.targets) >= 100)
            result = await load.stop()
    # Each is sent at its own moment, which is a multiple of 5 ms: a second can have no more than 200 of them.
    assert [row.sent for row in result.per_second[:-1]] == [200] * (len(result.per_second) - 1)
    assert result.sent == result.answered == len(server.targets)
    assert sorted(server.targets) == sorted(f"/{number}" for number in range(result.sent))
    assert result.by_replica == {"products-1": result.sent}


async def test_connections_are_kept() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=200, requests=numbered()) as load:
            # However many a moment of standing still has opened at once: without keeping them it stays one each.
            await until(lambda: len(server.targets) >= 1000 and server.connections < len(server.targets) / 2)
            await load.stop()


async def test_a_stalled_server_is_asked_as_often_as_before_and_its_stall_is_in_the_latencies() -> None:
    stall_s = 3.0
    with serving(behaviour.stalling) as server:
        async with OpenLoop(server.url, rate=100, requests=numbered(), timeout_s=20) as load:
            # A closed loop would never get here: nobody has been answered.
            await until(lambda: monotonic() - load.started_s >= stall_s and len(server.targets) >= 300)
            assert load.result().sent == 0
            server.go_on.set()
            result = await load.stop()
    stalled = result.between(load.started_s, load.started_s + stall_s)
    assert (stalled.sent, result.failed) == (300, 0)
    # Who was due at the beginning waited for all of it, who was due in the middle for half: as users would.
    assert result.max_ms >= stall_s * 1000 * 0.99
    assert stalled.slower_than(1000 * stall_s / 2) >= 150


async def test_a_request_that_is_not_answered_in_time_has_failed() -> None:
    with serving(behaviour.silent) as server:
        async with OpenLoop(server.url, rate=100, requests=numbered(), timeout_s=0.2) as load:
            await until(lambda: load.result().sent >= 5)
            result = await load.stop()
    assert result.answered == 0
    assert result.failures == {TIMEOUT: result.sent}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (behaviour.hanging_up, "connection broke"),
        (behaviour.resetting, "connection broke"),
        (behaviour.cutting_off, "connection broke"),
        (behaviour.refusing, "status 503"),
        (behaviour.babbling, "not HTTP"),
    ],
    ids=["hanging up", "resetting", "cutting off", "refusing", "babbling"],
)
async def test_a_request_that_fails_is_counted_with_its_reason_and_sent_once(
    behave: Behaviour, reason: str, method: str
) -> None:
    with serving(behave) as server:
        async with OpenLoop(server.url, rate=100, requests=itertools.islice(numbered(method), 5)) as load:
            await until(lambda: load.result().sent == 5)
            result = await load.stop()
    assert result.failures == {reason: 5}
    assert sorted(server.targets) == [f"/{number}" for number in range(5)]


async def test_a_kept_connection_that_breaks_is_a_failure_like_any_other() -> None:
    async def once_only(server: Server, writer: asyncio.StreamWriter) -> None:
        await (behaviour.answering if len(server.targets) == 1 else behaviour.hanging_up)(server, writer)

    with serving(once_only) as server:
        async with OpenLoop(server.url, rate=1, requests=itertools.islice(numbered(), 2)) as load:
            await until(lambda: load.result().sent == 2)
            result = await load.stop()
    assert server.connections == 1
    assert (result.answered, result.failures) == (1, {"connection broke": 1})


async def test_aiohttp_itself_would_send_such_a_request_twice() -> None:
    with serving(behaviour.hanging_up) as server:
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await session.get(server.url)
    assert len(server.targets) == 2


async def test_nobody_there_is_no_connection() -> None:
    with serving() as server:
        pass
    async with OpenLoop(server.url, rate=100, requests=itertools.islice(numbered(), 3)) as load:
        await until(lambda: load.result().sent == 3)
    assert load.result().failures == {"no connection": 3}


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with serving(behaviour.redirecting) as server:
        async with OpenLoop(server.url, rate=100, requests=itertools.islice(numbered(), 1)) as load:
            await until(lambda: load.result().sent == 1)
    assert server.targets == ["/0"]
    assert load.result().failed == 0


async def test_over_the_cap_requests_are_dropped_and_have_failed() -> None:
    with serving(behaviour.stalling) as server:
        async with OpenLoop(server.url, rate=200, requests=numbered(), timeout_s=20, max_in_flight=3) as load:
            await until(lambda: load.result().sent >= 10)
            assert set(load.result().failures) == {DROPPED}
            server.go_on.set()
            result = await load.stop()
    assert len(server.targets) == result.sent - result.failures[DROPPED]
    assert result.answered >= 3


async def test_a_blocked_generator_says_so_and_catches_up() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=200, requests=numbered()) as load:
            await until(lambda: load.result().sent >= 1)
            blocked_until = monotonic() + 0.5
            while monotonic() < blocked_until:
                pass
            await until(lambda: load.result().sent >= 150)
            result = await load.stop()
    assert result.lag_max_ms >= 400
    assert result.failed == 0
    assert result.max_ms >= result.lag_max_ms


async def test_what_fell_due_while_the_generator_was_blocked_is_sent_even_when_it_is_stopped_then() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=200, requests=numbered()) as load:
            await until(lambda: load.result().sent >= 1)
            blocked_until = monotonic() + 0.5
            while monotonic() < blocked_until:
                pass
            result = await load.stop()
    assert result.between(load.started_s, blocked_until).sent == math.ceil((blocked_until - load.started_s) * 200)
    assert result.failed == 0


async def test_a_window_holds_what_has_ended_since_the_last_one() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=200, requests=itertools.islice(numbered(), 20)) as load:
            await until(lambda: load.result().sent >= 5)
            first = load.window()
            await until(lambda: load.result().sent == 20)
            second, third = load.window(), load.window()
    assert first.sent >= 5
    assert (first.sent + second.sent, third.sent) == (20, 0)


async def test_it_is_known_who_answered_last() -> None:
    with serving() as server:
        async with OpenLoop(server.url, rate=100, requests=itertools.islice(numbered(), 3)) as load:
            await until(lambda: load.result().sent == 3)
            assert load.seen == {"products-1": load.started_s + 2 / 100}


async def test_an_error_inside_the_block_ends_the_load_at_once() -> None:
    with serving(behaviour.silent) as server:
        load = OpenLoop(server.url, rate=100, requests=numbered(), timeout_s=60)

        async def interrupted() -> None:
            async with load:
                await until(lambda: len(server.targets) >= 1)
                raise KeyError

        with pytest.raises(KeyError):
            await interrupted()
    assert load.finished
    assert load.result().sent == 0


async def test_a_fault_of_the_generator_itself_is_raised() -> None:
    def broken() -> Iterator[Request]:
        yield Request("GET", "/")
        raise RuntimeError("no more ideas")

    with serving() as server:
        async with OpenLoop(server.url, rate=100, requests=broken()) as load:
            await until(lambda: load.finished)
            with pytest.raises(RuntimeError, match="no more ideas"):
                await load.stop()


@pytest.mark.parametrize("bad", [{"rate": 0}, {"timeout_s": 0}, {"max_in_flight": 0}])
def test_a_load_of_nothing_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        OpenLoop("http://127.0.0.1:1", **({"rate": 1, "requests": iter(())} | bad))  # type: ignore[arg-type]


def test_the_same_seed_searches_the_same() -> None:
    def paths(seed: int) -> list[str]:
        return [each.path for each in itertools.islice(searches(seed=seed), 50)]

    assert paths(1) == paths(1) != paths(2)
    assert all(path.startswith("/products/search?q=") for path in paths(1))
