"""Connections of the load: answers in every form that HTTP/1.1 has for them, and when a connection is used again."""

import asyncio
import errno
import gc
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from lab import connection
from lab.connection import Answer, Broke, Connections, NoConnection, NotHttp
from lab.punctual_loop import punctual_loop
from lab.request import Request
from tests.chassis.waiting import until
from tests.lab import server as behaviour
from tests.lab.server import HEAD, Behaviour, Server, serving

GET = Request("GET", "/")


async def until_none_is_open(connections: Connections) -> None:
    await until(lambda: connections.open == 0)


@asynccontextmanager
async def connected(behave: Behaviour) -> AsyncIterator[tuple[Connections, Server]]:
    with serving(behave) as server:
        connections = Connections(server.url)
        try:
            yield connections, server
        finally:
            await connections.close()


def writing(*pieces: bytes, then_close: bool = False) -> Behaviour:
    """Each piece by itself, as far as the network allows."""

    async def behave(server: Server, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        if then_close:
            writer.close()

    return behave


@pytest.mark.parametrize(
    "behave",
    [
        writing(HEAD + b"{}"),
        writing(*[bytes([byte]) for byte in HEAD + b"{}"]),
        writing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"1\r\n}\r\n0\r\n\r\n"),
        writing(b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"{}"),
        writing(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + HEAD + b"{}"),
        writing(b"HTTP/1.1 200 OK\r\n\r\n{", b"}", then_close=True),
        writing(b"HTTP/1.0 200 OK\r\n\r\n{}", then_close=True),
    ],
    ids=["at once", "byte by byte", "in chunks", "told to go on", "early hints", "until the end", "HTTP/1.0"],
)
async def test_the_whole_answer_is_read(behave: Behaviour) -> None:
    async with connected(behave) as (connections, _):
        answer = await connections.send(GET, 30)
    assert (answer.status, answer.body) == (200, b"{}")


async def test_headers_have_small_letters_and_one_that_comes_twice_has_both_values() -> None:
    head = b"HTTP/1.1 204 Nothing\r\nX-Patterns: retry;attempts=2\r\nx-PATTERNS: fallback\r\n\r\n"
    async with connected(writing(head)) as (connections, _):
        answer = await connections.send(GET, 30)
    assert (answer.status, answer.headers, answer.body) == (204, {"x-patterns": "retry;attempts=2, fallback"}, b"")


async def test_a_request_is_written_as_it_is() -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for body_length in (0, 2, 0):
            heads.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(body_length))
            writer.write(HEAD + b"{}")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connections = Connections(f"http://127.0.0.1:{port}")
    async with server:
        await connections.send(Request("GET", "/products/search?q=a+b"), 30)
        await connections.send(Request("POST", "/api/orders", {"Idempotency-Key": "1"}, b"{}"), 30)
        await connections.send(Request("POST", "/nothing"), 30)
        await connections.close()
    lines = [head.split(b"\r\n") for head in heads]
    assert [line[0] for line in lines] == [
        b"GET /products/search?q=a+b HTTP/1.1",
        b"POST /api/orders HTTP/1.1",
        b"POST /nothing HTTP/1.1",
    ]
    assert all(line[1] == f"Host: 127.0.0.1:{port}".encode() for line in lines)
    assert not any(line.startswith(b"Content-Length") for line in lines[0])
    assert lines[1][-4:] == [b"Idempotency-Key: 1", b"Content-Length: 2", b"", b"{}"]
    assert b"Content-Length: 0" in lines[2]


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (behaviour.hanging_up, Broke),
        (behaviour.resetting, Broke),
        (behaviour.cutting_off, Broke),
        (writing(b"HTTP/1.1 200 OK\r\nX-Served", then_close=True), Broke),
        (writing(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", then_close=True), Broke),
        (writing(b"HTTP/1.1 100 Continue\r\n\r\n", then_close=True), Broke),
        (behaviour.babbling, NotHttp),
        (writing(b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}"), NotHttp),
        (writing(b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"), NotHttp),
    ],
    ids=[
        "hangs up",
        "resets",
        "half a body",
        "half a head",
        "no last chunk",
        "no answer",
        "no HTTP",
        "length",
        "upgrade",
    ],
)
async def test_what_is_no_whole_answer_is_an_error_and_nothing_is_sent_again(
    behave: Behaviour, error: type[Exception]
) -> None:
    async with connected(behave) as (connections, server):
        with pytest.raises(error):
            await connections.send(GET, 30)
        assert len(server.targets) == 1
        await until_none_is_open(connections)


async def test_nobody_there_is_said() -> None:
    with serving() as server:
        connections = Connections(server.url)
    with pytest.raises(NoConnection):
        await connections.send(GET, 30)


async def test_a_connection_is_kept() -> None:
    async with connected(behaviour.answering) as (connections, server):
        for _ in range(5):
            await connections.send(GET, 30)
        assert server.connections == 1


async def closes(connections: Connections, server: Server) -> None:
    """After an answer that ends with `Connection: close`."""
    await connections.send(GET, 30)


async def gives_up(connections: Connections, server: Server) -> None:
    with pytest.raises(TimeoutError):
        await connections.send(GET, 1)


async def is_left_by_the_server(connections: Connections, server: Server) -> None:
    """The end of the connection comes some time after the answer."""
    assert (await connections.send(GET, 30)).status == 200
    server.tell()
    await until_none_is_open(connections)


async def in_two_looks(server: Server, writer: asyncio.StreamWriter) -> None:
    """An answer, and when the client has it, another."""
    writer.write(HEAD + b"{}")
    await server.told.wait()
    writer.write(b"HTTP/1.1 408 Too late\r\n\r\n")


@pytest.mark.parametrize(
    ("first", "step"),
    [
        (writing(HEAD[:-2] + b"Connection: close\r\n\r\n{}"), closes),
        (behaviour.silent, gives_up),
        (writing(HEAD + b"{}", then_close=True), is_left_by_the_server),
        (writing(HEAD + b"{}HTTP/1.1 408 Too late\r\n\r\n"), is_left_by_the_server),
        (in_two_looks, is_left_by_the_server),
    ],
    ids=["said so", "given up", "left", "unasked with it", "unasked after it"],
)
async def test_a_connection_that_is_not_what_it_was_is_not_used_again(
    first: Behaviour, step: Callable[[Connections, Server], Awaitable[None]]
) -> None:
    async def behave(server: Server, writer: asyncio.StreamWriter) -> None:
        await (first if len(server.targets) == 1 else behaviour.answering)(server, writer)

    async with connected(behave) as (connections, server):
        await step(connections, server)
        assert (await connections.send(GET, 30)).body == b"{}"
        assert server.connections == 2
        assert connections.open == 1


async def test_connections_that_were_idle_for_long_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(behaviour.answering) as (connections, server):
        await asyncio.gather(*[connections.send(GET, 30) for _ in range(10)])
        assert connections.open == server.connections == 10
        monkeypatch.setattr(connection, "_KEEP_ALIVE_S", 0)
        await connections.send(GET, 30)
        assert server.connections == 11
        await until_none_is_open(connections)


@pytest.mark.parametrize("piece", [b"", HEAD + b"{}"], ids=["its end", "an answer"])
async def test_what_came_while_nobody_looked_is_no_answer_to_the_next_request(piece: bytes) -> None:
    """The loop may be busy with the answers of others while a connection ends."""

    async def behave(server: Server, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"{}")
        if len(server.targets) == 1:
            await server.told.wait()
            writer.write(piece)
            writer.close()
            # `close` only asks for it: the end is sent with a later turn of the server's loop.
            await writer.wait_closed()
            server.go_on.set()

    async with connected(behave) as (connections, server):
        await connections.send(GET, 30)
        server.tell()
        # This blocks the loop of the client.
        assert server.go_on.wait(30)
        assert (await connections.send(GET, 30)).body == b"{}"
        assert (len(server.targets), server.connections) == (2, 2)


@pytest.mark.parametrize(("sent", "in_time"), [(HEAD + b"{}", True), (HEAD + b"{", False)], ids=["whole", "half"])
def test_an_answer_that_came_in_time_is_in_time_though_it_is_read_later(sent: bytes, in_time: bool) -> None:
    """More of them than the loop of the load reads before it looks whose time is over."""
    count, timeout_s = 30, 3.0

    async def behave(server: Server, writer: asyncio.StreamWriter) -> None:
        await server.told.wait()
        writer.write(sent)
        server.answers += 1
        if server.answers == count:
            server.go_on.set()

    async def crowd() -> None:
        async with connected(behave) as (connections, server):
            give_up_s = time.monotonic() + timeout_s
            sending = [asyncio.create_task(connections.send(GET, timeout_s)) for _ in range(count)]
            await until(lambda: len(server.targets) == count)
            server.tell()
            # The process of the load stands still until their time is over.
            assert server.go_on.wait(30)
            threading.Event().wait(give_up_s + 0.1 - time.monotonic())
            answers = await asyncio.gather(*sending, return_exceptions=True)
            assert [isinstance(each, Answer) for each in answers] == [in_time] * count
            assert in_time or all(isinstance(each, TimeoutError) for each in answers)

    with asyncio.Runner(loop_factory=punctual_loop) as runner:
        runner.run(crowd())


async def test_half_an_answer_in_time_is_none() -> None:
    with pytest.raises(TimeoutError):
        async with connected(writing(HEAD + b"{")) as (connections, _):
            await connections.send(GET, 0.05)


async def test_a_machine_without_files_is_not_the_stack_s_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_files(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", no_files)
    with pytest.raises(OSError, match="Too many open files"):
        await Connections("http://127.0.0.1:1").send(GET, 30)


def in_memory() -> set[connection._Connection]:
    return {each for each in gc.get_objects() if isinstance(each, connection._Connection)}


async def test_a_closed_connection_needs_no_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    # A test that failed before this one still holds those in its report.
    before = in_memory()
    try:
        async with connected(behaviour.hanging_up) as (connections, _):
            with pytest.raises(Broke):
                await connections.send(GET, 30)
            await until_none_is_open(connections)
        # The turn of the loop that ended the request still holds its error.
        await asyncio.sleep(0)
        assert in_memory() <= before
    finally:
        gc.enable()


async def test_whoever_waits_when_all_is_closed_is_told() -> None:
    async with connected(behaviour.silent) as (connections, server):
        waiting = asyncio.create_task(connections.send(GET, 30))
        await until(lambda: bool(server.targets))
        await connections.close()
        with pytest.raises(Broke):
            await waiting
        assert connections.open == 0


@pytest.mark.parametrize("url", ["https://127.0.0.1:1", "127.0.0.1:8080", "http://", ""])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="begins with http://"):
        Connections(url)
