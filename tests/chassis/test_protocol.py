"""What goes to the connection, write by write: a process may be killed after any of them."""

import asyncio
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from chassis.app import create_app
from chassis.protocol import JoiningTransport, ServiceProtocol
from chassis.settings import ServiceSettings
from tests.chassis.tiny_service import routes
from tests.chassis.waiting import until


class Connection(asyncio.Transport):
    """Keeps each write by itself."""

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
        return default

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def asked(raw: bytes) -> Connection:
    """A connection to the tiny service on which this arrived and every answer to it is whole."""
    config = Config(create_app("tiny", ServiceSettings(), routes), http=ServiceProtocol, lifespan="off", ws="none")
    config.load()
    state = ServerState()
    protocol = ServiceProtocol(config, state, {})
    connection = Connection()
    protocol.connection_made(connection)
    protocol.data_received(raw)
    await until(lambda: not state.tasks)
    protocol.connection_lost(None)
    return connection


@pytest.mark.parametrize(
    ("raw", "head", "end"),
    [
        (b"GET /quick HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\ndone"),
        (b"GET /broken HTTP/1.1\r\n\r\n", b"HTTP/1.1 500 ", b"}"),
        (b"GET /unknown HTTP/1.1\r\n\r\n", b"HTTP/1.1 404 ", b"}"),
        (b"POST /size HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n3"),
        # Without a body nothing comes that the head could wait for.
        (b"HEAD /quick HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\n"),
        (b"GET /quick HTTP/1.1\r\nConnection: close\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"\r\n\r\ndone"),
    ],
)
async def test_an_answer_leaves_in_one_write(raw: bytes, head: bytes, end: bytes) -> None:
    (write,) = (await asked(raw)).writes
    assert write.startswith(head)
    assert write.endswith(end)


async def test_each_of_several_answers_leaves_in_one_write() -> None:
    connection = await asked(b"GET /quick HTTP/1.1\r\n\r\n" * 3)
    assert [(write[:15], write[-4:]) for write in connection.writes] == [(b"HTTP/1.1 200 OK", b"done")] * 3


async def test_an_answer_whose_body_fails_is_closed_after_what_there_was_of_it() -> None:
    connection = await asked(b"GET /half HTTP/1.1\r\n\r\n")
    assert b"".join(connection.writes).endswith(b"\r\n\r\n4\r\nhalf\r\n")
    assert connection.ended == "closed"


async def test_what_nothing_follows_is_sent_in_the_same_turn_of_the_loop() -> None:
    connection = Connection()
    JoiningTransport(connection, asyncio.get_running_loop()).write(b"alone")
    assert connection.writes == []
    await asyncio.sleep(0)
    assert connection.writes == [b"alone"]


async def test_a_stream_that_never_pauses_is_not_gathered() -> None:
    connection = Connection()
    joining = JoiningTransport(connection, asyncio.get_running_loop())
    for part in (b"1", b"2", b"", b"3", b"4", b"5"):
        joining.write(part)
    assert connection.writes == [b"12", b"34"]
    await asyncio.sleep(0)
    assert connection.writes == [b"12", b"34", b"5"]


async def test_closing_sends_what_is_held_and_aborting_does_not() -> None:
    for how, writes in (("close", [b"held"]), ("abort", [])):
        connection = Connection()
        joining = JoiningTransport(connection, asyncio.get_running_loop())
        joining.write(b"held")
        getattr(joining, how)()
        await asyncio.sleep(0)
        assert connection.writes == writes
        assert joining.is_closing()
