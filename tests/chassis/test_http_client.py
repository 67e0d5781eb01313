"""The HTTP client: it sends a request once, names errors correctly, and lets a caller end a call at any moment."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from chassis.http_client import BodyTooLarge, http_client, read_body
from tests.chassis.upstream import Behaviour, Upstream, answer, hang, hang_up, in_turn, raw, reset
from tests.chassis.waiting import until

_HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    async with Upstream().running() as upstream:
        yield upstream


@dataclass(frozen=True)
class Caller:
    """A client, and the URL that it calls."""

    client: httpx.AsyncClient
    url: str

    async def call(self, method: str = "GET", max_bytes: int = 1000) -> bytes:
        async with self.client.stream(method, self.url) as response:
            return await read_body(response, max_bytes)


@asynccontextmanager
async def calling(url: str, connections: int = 10) -> AsyncIterator[Caller]:
    async with http_client(connections=connections, keep_alive_s=30, user_agent="a-test") as client:
        yield Caller(client, url)


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_a_request_on_a_broken_kept_connection_is_sent_once(
    upstream: Upstream, end: Behaviour, method: str
) -> None:
    upstream.behave = in_turn(answer(), end, answer())
    async with calling(upstream.url) as caller:
        await caller.call()
        with pytest.raises(httpx.ReadError):
            await caller.call(method)
    assert len(upstream.received) == 2


@pytest.mark.parametrize(
    "behave",
    [
        reset,
        raw(b""),
        raw(b"HTTP/1.1 200"),
        raw(_HEAD + b"Content-Length: 10\r\n\r\n{}"),
        raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}"),
    ],
    ids=["reset", "closed", "cut off in the head", "cut off in the body", "cut off in a chunk"],
)
async def test_a_connection_that_breaks_after_the_request_is_a_read_error(
    upstream: Upstream, behave: Behaviour
) -> None:
    upstream.behave = behave
    async with calling(upstream.url) as caller:
        with pytest.raises(httpx.ReadError):
            await caller.call()


async def test_a_refused_connection_is_a_connect_error(upstream: Upstream) -> None:
    await upstream.stop()
    async with calling(upstream.url) as caller:
        with pytest.raises(httpx.ConnectError):
            await caller.call()


async def test_a_name_without_an_address_is_a_connect_error() -> None:
    async with calling("http://no-such-host.invalid") as caller:
        with pytest.raises(httpx.ConnectError):
            await caller.call()


async def test_an_answer_that_is_not_http_is_a_protocol_error(upstream: Upstream) -> None:
    upstream.behave = raw(b"SSH-2.0-OpenSSH\r\n\r\n")
    async with calling(upstream.url) as caller:
        with pytest.raises(httpx.RemoteProtocolError):
            await caller.call()


async def test_a_cookie_is_not_stored(upstream: Upstream) -> None:
    upstream.behave = answer(set_cookie="visitor=7; Path=/")
    async with calling(upstream.url) as caller:
        await caller.call()
        await caller.call()
        assert not caller.client.cookies
    assert "cookie" not in upstream.received[1].headers


async def test_a_proxy_from_the_environment_is_not_used(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Upstream().running() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        async with calling(upstream.url) as caller:
            await caller.call()
        assert (len(upstream.received), proxy.connections) == (1, 0)


async def test_a_redirect_is_not_followed(upstream: Upstream) -> None:
    upstream.behave = answer(302, location="/elsewhere")
    async with calling(upstream.url) as caller:
        await caller.call()
    assert [received.target for received in upstream.received] == ["/"]


async def test_a_body_stays_compressed(upstream: Upstream) -> None:
    packed = gzip.compress(b"0" * 100_000)
    upstream.behave = answer(body=packed, content_encoding="gzip")
    async with calling(upstream.url) as caller:
        assert await caller.call() == packed
    assert upstream.received[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("head", [b"Content-Length: 1001\r\n\r\n", b"\r\n"], ids=["announced", "not announced"])
async def test_a_body_over_the_limit_is_refused(upstream: Upstream, head: bytes) -> None:
    upstream.behave = raw(_HEAD + head + b"x" * 1001)
    async with calling(upstream.url) as caller:
        with pytest.raises(BodyTooLarge):
            await caller.call(max_bytes=1000)
    async with calling(upstream.url) as caller:
        assert len(await caller.call(max_bytes=1001)) == 1001


@pytest.mark.parametrize(
    "behave", [hang, raw(_HEAD + b"Content-Length: 1001\r\n\r\n" + b"x" * 1001)], ids=["cancelled", "over the limit"]
)
async def test_a_call_that_ends_early_gives_its_connection_back(upstream: Upstream, behave: Behaviour) -> None:
    upstream.behave = in_turn(behave, answer())
    async with calling(upstream.url, connections=1) as caller:
        call = asyncio.create_task(caller.call())
        await until(lambda: len(upstream.received) == 1)
        call.cancel()
        await asyncio.wait([call])
        async with asyncio.timeout(60):
            assert await caller.call() == b"{}"


async def test_no_clock_runs_while_a_call_waits(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timeout of the caller is the only one."""
    loop = asyncio.get_running_loop()
    timers: list[float] = []
    call_at = loop.call_at

    def recorded(when: float, *arguments: object, **named: object) -> asyncio.TimerHandle:
        timers.append(when - loop.time())
        return call_at(when, *arguments, **named)  # type: ignore[arg-type]

    upstream.behave = hang
    async with calling(upstream.url) as caller:
        monkeypatch.setattr(loop, "call_at", recorded)
        call = asyncio.create_task(caller.call())
        while not upstream.received:  # a wait with a timeout would be a clock
            await asyncio.sleep(0)
        assert timers == []
        call.cancel()
        await asyncio.wait([call])
