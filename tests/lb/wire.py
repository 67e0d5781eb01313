"""HTTP as bytes, for what no client library would send."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def served_by(self) -> str:
        return self.headers["X-Served-By"]

    def problem(self) -> dict[str, Any]:
        """The problem document that this answer is, after the rules that all of them keep."""
        assert self.headers["Content-Type"] == "application/problem+json"
        document: dict[str, Any] = json.loads(self.body)
        assert document["status"] == self.status
        assert {"type", "title", "detail"} <= set(document)
        return document


@dataclass(frozen=True)
class Connection:
    """A client's connection, kept open between requests."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, request: bytes) -> None:
        self.writer.write(request)

    async def answer(self) -> Answer:
        """The next answer, which must say how long it is."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = int(parse(head).headers["Content-Length"])
        return parse(head + await self.reader.readexactly(length))

    async def rest(self) -> bytes:
        """Everything that comes until nginx closes; nothing if it breaks the connection."""
        try:
            return await self.reader.read()
        except ConnectionResetError:
            return b""


def parse(answer: bytes) -> Answer:
    """An answer from its bytes on the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    return Answer(int(first.split(" ")[1]), dict(line.split(": ", 1) for line in lines), body)
