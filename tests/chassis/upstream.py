"""A server that does what a test wants, byte by byte: it answers, hangs, breaks off, or sends nonsense."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.chassis.own_port import bound


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Exchange:
    """One request. It is the `nth` on its connection."""

    received: Received
    nth: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def hang(self) -> None:
        """Send nothing until the caller closes the connection."""
        await self.reader.read()

    def reset(self) -> None:
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Behaviour:
    """Answer. Write a header's name with underscores."""
    sent = {"Content-Type": "application/json", "X-Served-By": "upstream-1"}
    sent |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} Word", *(f"{name}: {value}" for name, value in sent.items())]
    data = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    async def behave(exchange: Exchange) -> None:
        await exchange.send(data)

    return behave


async def hang(exchange: Exchange) -> None:
    await exchange.hang()


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def hang_up(exchange: Exchange) -> None:
    """Close without an answer, as a server does whose keep-alive ends at this moment."""
    exchange.writer.close()


def raw(data: bytes) -> Behaviour:
    """Send these bytes and close."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(data)
        exchange.writer.close()

    return behave


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """Each of these for one request; the last one for all further requests."""
    left = list(behaviours)

    async def behave(exchange: Exchange) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return behave


@dataclass
class Upstream:
    """`received` has every request, `hung_up` is the number of connections that the caller closed."""

    behave: Behaviour = field(default_factory=answer)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    hung_up: int = 0
    _kept: socket.socket = field(default_factory=lambda: bound(0))
    _server: asyncio.Server | None = None
    _open: dict[asyncio.StreamWriter, "asyncio.Task[None]"] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """The same port until `let_go`, also while the server is stopped."""
        port: int = self._kept.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=bound(self.port))

    async def stop(self) -> None:
        """Refuse connections and break the open ones."""
        if self._server is None:
            return
        self._server.close()
        tasks = list(self._open.values())
        for writer in self._open:
            writer.transport.abort()
        await asyncio.gather(*tasks)
        await self._server.wait_closed()
        self._server = None

    async def let_go(self) -> None:
        """Stop, and free the port."""
        await self.stop()
        self._kept.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Upstream"]:
        await self.start()
        try:
            yield self
        finally:
            await self.let_go()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open[writer] = task
        try:
            nth = 0
            while not writer.is_closing():
                received = await _read(reader)
                self.received.append(received)
                nth += 1
                await self.behave(Exchange(received, nth, reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.hung_up += reader.at_eof()
            del self._open[writer]
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body)
