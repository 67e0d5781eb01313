"""A replica that does what a test tells it to: answer, hang, reset, die. It speaks just enough HTTP for nginx."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class Mood(Enum):
    ANSWERING = auto()
    HUNG = auto()  # reads the request and says nothing
    RESETTING = auto()  # reads the request and breaks the connection


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class FakeReplica:
    """Answers `status` and `body` under its name; `received` keeps every request, `connections` counts connects."""

    name: str
    host: str = "127.0.0.1"
    port: int = 0
    mood: Mood = Mood.ANSWERING
    status: int = 200
    body: bytes = b'{"products":[]}'
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def answer_problem(self, status: int, **members: str) -> bytes:
        """From now on answer this problem document, which is returned."""
        self.status = status
        self.body = json.dumps({"type": "about:blank", "title": "Odd", "status": status, **members}).encode()
        self.headers = {"Content-Type": "application/problem+json"}
        return self.body

    async def start(self) -> None:
        """Listen; the second time on the same port as before."""
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def kill(self) -> None:
        """As SIGKILL does: the port refuses, open connections break."""
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                self.received.append(await _read(reader))
                if self.mood is Mood.RESETTING:
                    writer.transport.abort()
                    return
                if self.mood is Mood.HUNG:
                    await reader.read()
                    return
                writer.write(self._answer())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._open.discard(writer)
            writer.close()

    def _answer(self) -> bytes:
        headers = {"Content-Type": "application/json", "X-Served-By": self.name, **self.headers}
        headers["Content-Length"] = str(len(self.body))
        lines = [f"HTTP/1.1 {self.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body)
