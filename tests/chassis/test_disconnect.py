"""Work for a client that has disconnected is cancelled, and no other cancellation is lost."""

import asyncio

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from chassis.disconnect import unless_disconnected


class Client:
    """Sends an empty body, and disconnects when the test says so."""

    def __init__(self) -> None:
        self.leaves = asyncio.Event()
        self._messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive(self) -> Message:
        if self._messages:
            return self._messages.pop()
        await self.leaves.wait()
        return {"type": "http.disconnect"}


async def test_the_result_is_that_of_the_work() -> None:
    async def work() -> int:
        return 7

    assert await unless_disconnected(Client().receive, work()) == 7


async def test_the_work_is_cancelled_when_the_client_disconnects() -> None:
    client, cancelled = Client(), asyncio.Event()

    async def work() -> None:
        client.leaves.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(ClientDisconnect):
        await unless_disconnected(client.receive, work())
    assert cancelled.is_set()


async def test_another_cancellation_goes_on_also_when_the_client_has_disconnected() -> None:
    client = Client()

    async def work() -> None:
        client.leaves.set()
        try:
            await asyncio.Event().wait()
        finally:
            task.cancel()

    task = asyncio.create_task(unless_disconnected(client.receive, work()))
    await asyncio.wait([task])
    assert task.cancelled()
