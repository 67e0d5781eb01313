"""What leaves on a connection: whole answers, in the order of their requests."""

import asyncio
import re
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from chassis.app import create_app
from chassis.protocol import JoinedWrites, ServiceProtocol
from chassis.settings import ServiceSettings
from tests.chassis.process import Service, running
from tests.chassis.tiny_service import routes
from tests.chassis.waiting import PATIENCE_S, until

QUICK = b"GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n"
SLOW = b"GET /slow?seconds=0.3 HTTP/1.1\r\nHost: localhost\r\n\r\n"
STREAM = b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
GARBAGE = b"this is not HTTP\r\n\r\n"


# ---- One answer, one write --------------------------------------------------------------------------------------


class Connection(asyncio.Transport):
    """A transport that records each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.ended = ""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return bool(self.ended)

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": ("192.0.2.1", 40000)}.get(name, default)

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def writes_after(raw: bytes) -> list[bytes]:
    """Each write of the tiny service to a connection on which these bytes arrive."""
    config = Config(create_app("tiny", ServiceSettings(), routes), http=ServiceProtocol, lifespan="off", ws="none")
    state = ServerState()
    protocol = ServiceProtocol(config, state, {})
    connection = Connection()
    protocol.connection_made(connection)
    protocol.data_received(raw)
    await until(lambda: not state.tasks)
    protocol.connection_lost(None)
    return connection.writes


@pytest.mark.parametrize(
    ("raw", "head", "end"),
    [
        (QUICK, b"HTTP/1.1 200 OK\r\n", b"\r\n\r\ndone"),
        (b"GET /broken HTTP/1.1\r\n\r\n", b"HTTP/1.1 500 ", b"}"),
        (b"GET /unknown HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 ", b"}"),
        (b"GET /half HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n4\r\nhalf\r\n"),
        (b"POST /size HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n3"),
        (b"HEAD /quick HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n"),
        (b"GET /quick HTTP/1.1\r\nConnection: close\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\ndone"),
    ],
)
async def test_the_head_and_the_first_piece_of_the_body_leave_in_one_write(raw: bytes, head: bytes, end: bytes) -> None:
    (write,) = await writes_after(raw)
    assert write.startswith(head)
    assert write.endswith(end)


async def test_no_write_ends_inside_one_of_several_answers() -> None:
    writes = await writes_after(QUICK * 3)
    assert b"".join(writes).count(b"HTTP/1.1 200 OK\r\n") == 3
    assert [(write[:9], write[-4:]) for write in writes] == [(b"HTTP/1.1 ", b"done")] * len(writes)


async def test_writes_in_one_iteration_of_the_loop_are_sent_together() -> None:
    connection = Connection()
    joined = JoinedWrites(connection)
    for part in (b"1", bytearray(b"2"), b"", memoryview(b"3")):
        joined.write(part)
    assert connection.writes == []
    await until(lambda: connection.writes == [b"123"])
    joined.write(b"4")
    await until(lambda: connection.writes == [b"123", b"4"])


async def test_a_large_piece_leaves_at_once_so_that_a_slow_reader_is_noticed() -> None:
    connection = Connection()
    joined = JoinedWrites(connection)
    joined.write(b"head")
    joined.write(b"x" * 100_000)
    assert connection.writes == [b"head" + b"x" * 100_000]


@pytest.mark.parametrize(("how", "writes", "ended"), [("close", [b"last"], "closed"), ("abort", [], "aborted")])
async def test_closing_sends_what_was_written_and_aborting_drops_it(how: str, writes: list[bytes], ended: str) -> None:
    connection = Connection()
    joined = JoinedWrites(connection)
    joined.write(b"last")
    getattr(joined, how)()
    joined.close()
    assert (connection.writes, connection.ended) == (writes, ended)


async def test_a_client_that_waits_for_leave_to_send_its_body_gets_it_first() -> None:
    async with running() as service, service.wire() as wire:
        await wire.send(b"POST /size HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert await wire.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        await wire.send(b"abc")
        assert (await wire.answer()).body == b"3"


# ---- Requests and then something that is not HTTP -----------------------------------------------------------------


async def statuses_after(service: Service, *packets: bytes) -> list[int]:
    """The status of every answer until the service closes the connection."""
    async with service.wire() as wire:
        for packet in packets:
            await wire.send(packet)
            # The service has read this packet once it answers on another connection.
            await service.get("/quick")
        async with asyncio.timeout(PATIENCE_S):
            answers = await wire.reader.read()
    return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+) ", answers)]


async def test_garbage_alone_gets_a_400_and_the_connection_is_closed() -> None:
    async with running() as service:
        assert await statuses_after(service, GARBAGE) == [400]
        assert await statuses_after(service, GARBAGE, GARBAGE) == [400]


async def test_garbage_after_requests_gets_its_400_after_their_answers() -> None:
    async with running() as service:
        assert await statuses_after(service, QUICK + GARBAGE) == [200, 400]
        assert await statuses_after(service, QUICK * 3 + GARBAGE) == [200, 200, 200, 400]
        assert await statuses_after(service, QUICK[:7], QUICK[7:] + GARBAGE) == [200, 400]
        assert await statuses_after(service, QUICK, GARBAGE) == [200, 400]


async def test_garbage_waits_for_a_slow_answer() -> None:
    async with running() as service:
        assert await statuses_after(service, SLOW + GARBAGE) == [200, 400]
        assert await statuses_after(service, SLOW, GARBAGE) == [200, 400]
        assert await statuses_after(service, SLOW, GARBAGE, QUICK + GARBAGE) == [200, 400]
        assert await statuses_after(service, SLOW + QUICK + GARBAGE) == [200, 200, 400]


async def test_nothing_follows_the_answer_to_a_request_that_closes_the_connection() -> None:
    async with running() as service:
        assert await statuses_after(service, SLOW.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n") + GARBAGE) == [
            200
        ]


async def test_a_request_whose_body_is_garbage_gets_the_400_in_its_turn() -> None:
    async with running() as service:
        assert await statuses_after(service, CHUNKED + b"zz\r\n") == [400]
        assert await statuses_after(service, SLOW + CHUNKED + b"zz\r\n") == [200, 400]
        assert await statuses_after(service, SLOW + QUICK + CHUNKED + b"zz\r\n") == [200, 200, 400]


@pytest.mark.parametrize("packets", [[STREAM + GARBAGE], [STREAM, GARBAGE]])
async def test_garbage_leaves_a_stream_alone(packets: list[bytes]) -> None:
    async with running() as service, service.wire() as wire:
        for packet in packets:
            await wire.send(packet)
            await service.get("/quick")
        head = await wire.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        for _ in range(20):
            assert await wire.reader.readexactly(10) == b"5\r\ntick\n\r\n"
