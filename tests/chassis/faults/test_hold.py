"""Holding a request: nothing of it may be lost, and nobody is held who is gone."""

import asyncio
from collections.abc import Iterable

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from chassis.faults.exchange import Exchange
from chassis.faults.hold import READ_AHEAD_BYTES, Hold
from chassis.faults.host import Host
from tests.chassis.faults.fake_time import FakeTime
from tests.chassis.waiting import until

GONE: Message = {"type": "http.disconnect"}


def chunk(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


class Client:
    """What a client sends, as it comes in."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            self.sends(message)

    def sends(self, message: Message) -> None:
        self._messages.put_nowait(message)

    @property
    def unread(self) -> int:
        return self._messages.qsize()

    def exchange(self) -> Exchange:
        async def send(message: Message) -> None:
            raise AssertionError

        return Exchange({"type": "http"}, self._messages.get, send)


def start(
    hold: Hold, exchange: Exchange, time: FakeTime | None = None, seconds: float | None = None
) -> "asyncio.Task[None]":
    time = time or FakeTime()
    return asyncio.create_task(hold.keep(exchange, Host(time.clock, time.call_later), seconds))


async def test_a_body_that_came_in_meanwhile_is_received_whole_and_in_order() -> None:
    hold, client = Hold(), Client([chunk(b"a", more=True)])
    exchange = client.exchange()
    kept = start(hold, exchange)
    await until(lambda: client.unread == 0)
    client.sends(chunk(b"b", more=True))
    await until(lambda: client.unread == 0)
    hold.let_go()
    await kept
    client.sends(chunk(b"c", more=False))
    assert [(await exchange.receive())["body"] for _ in range(3)] == [b"a", b"b", b"c"]


async def test_a_client_that_leaves_is_held_no_longer() -> None:
    client = Client([chunk(b"", more=False)])
    kept = start(Hold(), client.exchange())
    await until(lambda: client.unread == 0)
    assert not kept.done()
    client.sends(GONE)
    with pytest.raises(ClientDisconnect):
        await kept


async def test_one_that_has_waited_long_enough_leaves_no_timer_and_no_task_behind() -> None:
    time, tasks_before = FakeTime(), len(asyncio.all_tasks())
    kept = start(Hold(), Client([chunk(b"", more=False)]).exchange(), time, 2)
    await until(lambda: time.pending == 1)
    time.advance(2)
    await kept
    assert (time.pending, len(asyncio.all_tasks())) == (0, tasks_before)


async def test_one_that_is_let_go_or_cancelled_leaves_no_timer_behind() -> None:
    hold, time = Hold(), FakeTime()
    kept = [start(hold, Client().exchange(), time, 60) for _ in range(2)]
    await until(lambda: time.pending == 2)
    kept[0].cancel()
    hold.let_go()
    assert isinstance((await asyncio.gather(*kept, return_exceptions=True))[0], asyncio.CancelledError)
    assert time.pending == 0


async def test_a_large_body_is_not_read_ahead_without_end() -> None:
    client = Client(chunk(b"x" * READ_AHEAD_BYTES, more=True) for _ in range(5))
    hold, exchange = Hold(), client.exchange()
    kept = start(hold, exchange)
    await until(lambda: client.unread == 3)
    hold.let_go()
    await kept
    assert client.unread == 3
    assert [len((await exchange.receive())["body"]) for _ in range(5)] == [READ_AHEAD_BYTES] * 5
