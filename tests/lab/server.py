"""A server that does what a test tells it to, on a thread of its own: it may stall without stalling the generator."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Behaviour = Callable[["Server", asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\nX-Served-By: products-1\r\nContent-Length: 2\r\n\r\n"


async def answering(server: "Server", writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"{}")


@dataclass
class Server:
    """`targets` keeps what was asked for; while `go_on` is cleared, `stalling` answers nobody.

    `told` is for a behaviour to wait for: `tell` sets it, from the thread of the test. `answers` is for it to count.
    """

    behave: Behaviour = answering
    url: str = ""
    targets: list[str] = field(default_factory=list)
    connections: int = 0
    answers: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def tell(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.told.set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                self.targets.append(head.split(b" ")[1].decode())
                await self.behave(self, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()


async def stalling(server: Server, writer: asyncio.StreamWriter) -> None:
    while not server.go_on.is_set():
        await asyncio.sleep(0.005)
    await answering(server, writer)


async def silent(server: Server, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def hanging_up(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def resetting(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def cutting_off(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"{")
    writer.close()


async def refusing(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")


async def redirecting(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 302 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")


async def babbling(server: Server, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff no HTTP at all\r\n\r\n")


@contextmanager
def serving(behave: Behaviour = answering) -> Iterator[Server]:
    """A server on a free port."""
    server = Server(behave)
    loop = server.loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(asyncio.start_server(server.serve, "127.0.0.1", 0), loop).result(10)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
