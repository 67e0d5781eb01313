"""Makes requests wait."""

import asyncio
from collections import deque

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from chassis.faults.exchange import Exchange
from chassis.faults.host import Host

# While a request waits, this much of its body is read. If the body is larger, a disconnect is not noticed.
READ_AHEAD_BYTES = 65536


class Hold:
    """Each request waits until its time is over, its client disconnects, or `let_go` is called."""

    def __init__(self) -> None:
        self._kept: set[asyncio.Future[None]] = set()

    async def keep(self, exchange: Exchange, host: Host, seconds: float | None = None) -> None:
        """Wait. The service can still read the whole body afterwards. Raises ClientDisconnect."""
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
        # The watcher must have stopped before the service calls `receive`.
        await asyncio.wait([watcher])
        if received and received[-1]["type"] == "http.disconnect":
            raise ClientDisconnect
        exchange.receive = _again(received, exchange.receive)

    def let_go(self) -> None:
        """End the wait of all requests."""
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
    """A `receive` that first returns the messages that are already received."""

    async def replay() -> Message:
        return received.popleft() if received else await receive()

    return replay
