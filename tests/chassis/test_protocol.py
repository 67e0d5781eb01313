"""What goes to the connection, write by write: a process may be killed after any of them."""

import asyncio
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from chassis.app import create_app
from chassis.protocol import HoldingTransport, ServiceProtocol
from chassis.settings import ServiceSettings
from tests.chassis.tiny_service import routes
from tests.chassis.waiting import until


class Connection(asyncio.Transport):
    """Keeps each write by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.ended = ""
        self.paused = False

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

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


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


async def test_the_head_waits_for_no_more_than_the_first_piece_of_a_stream() -> None:
    connection = await asked(b"GET /half HTTP/1.1\r\n\r\n")
    assert connection.writes[0].startswith(b"HTTP/1.1 200 OK\r\n")
    assert connection.writes[0].endswith(b"\r\n\r\n4\r\nhalf\r\n")


async def test_leave_to_send_a_body_does_not_wait_for_the_answer() -> None:
    go_on, answer = (await asked(b"POST /size HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc")).writes
    assert go_on == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert answer.endswith(b"\r\n\r\n3")


def test_only_what_is_written_after_hold_is_held_and_release_sends_it_at_once() -> None:
    connection = Connection()
    holding = HoldingTransport(connection)
    holding.write(b"0")
    holding.hold()
    for part in (b"1", bytearray(b"2"), b"", memoryview(b"3")):
        holding.write(part)
    assert connection.writes == [b"0"]
    holding.release()
    assert connection.writes == [b"0", b"123"]
    holding.release()
    holding.write(b"4")
    assert connection.writes == [b"0", b"123", b"4"]


@pytest.mark.parametrize(("how", "writes", "ended"), [("close", [b"held"], "closed"), ("abort", [], "aborted")])
def test_closing_sends_what_is_held_and_aborting_does_not(how: str, writes: list[bytes], ended: str) -> None:
    connection = Connection()
    holding = HoldingTransport(connection)
    holding.hold()
    holding.write(b"held")
    getattr(holding, how)()
    holding.close()
    assert (connection.writes, connection.ended) == (writes, ended)
    assert holding.is_closing()


def test_what_is_held_for_a_client_that_has_gone_is_dropped() -> None:
    connection = Connection()
    holding = HoldingTransport(connection)
    holding.hold()
    holding.write(b"held")
    connection.close()
    holding.release()
    assert connection.writes == []


async def test_the_connection_itself_is_asked_for_everything_else() -> None:
    connection = Connection()
    holding = HoldingTransport(connection)
    holding.pause_reading()
    assert connection.paused
    holding.resume_reading()
    assert not connection.paused
    assert holding.get_extra_info("peername") == ("192.0.2.1", 40000)
    assert holding.get_extra_info("cipher", "none") == "none"
