"""Requests that are kept waiting."""

import asyncio
from collections import deque

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from chassis.faults.exchange import Exchange
from chassis.faults.host import Host

# Of a body that comes in meanwhile no more is kept than this; beyond it, a client that leaves goes unnoticed.
READ_AHEAD_BYTES = 65536


class Hold:
    """Keeps each request until its time is up, its client is gone or everyone is let go, whichever comes first."""

    def __init__(self) -> None:
        self._kept: set[asyncio.Future[None]] = set()

    async def keep(self, exchange: Exchange, host: Host, seconds: float | None = None) -> None:
        """Returns when the request may go on, with all of its body; raises ClientDisconnect when nobody waits."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._kept.add(kept)
        timer = None if seconds is None else host.call_later(seconds, lambda: _let_go(kept))
        received: deque[Message] = deque()
        watcher = asyncio.create_task(_watch(exchange.receive, received, kept))
        try:
            await kept
        finally:
            self._kept.discard(kept)
            watcher.cancel()
            if timer is not None:
                timer.cancel()
        # Nobody else may receive before the watcher has stopped.
        await asyncio.wait([watcher])
        if received and received[-1]["type"] == "http.disconnect":
            raise ClientDisconnect
        exchange.receive = _again(received, exchange.receive)

    def let_go(self) -> None:
        """Everyone at once."""
        for kept in self._kept:
            _let_go(kept)


def _let_go(kept: asyncio.Future[None]) -> None:
    if not kept.done():
        kept.set_result(None)


async def _watch(receive: Receive, received: deque[Message], kept: asyncio.Future[None]) -> None:
    size = 0
    while size <= READ_AHEAD_BYTES:
        message = await receive()
        received.append(message)
        if message["type"] == "http.disconnect":
            _let_go(kept)
            return
        size += len(message.get("body", b""))


def _again(received: deque[Message], receive: Receive) -> Receive:
    """What was received ahead, then whatever comes."""

    async def replay() -> Message:
        return received.popleft() if received else await receive()

    return replay
