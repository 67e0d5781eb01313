"""Stands between a service and PostgreSQL, and loses one answer: the server did the work, the client cannot know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class BreakingProxy:
    """`lose_next_answer` makes it close the connection in place of the next answer of the server."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._losing = False
        self.port = 0

    def lose_next_answer(self) -> None:
        self._losing = True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket)
        onwards = asyncio.create_task(_forward(reader, server_writer))
        try:
            while data := await server_reader.read(65536):
                if self._losing:
                    self._losing = False
                    break
                writer.write(data)
        finally:
            onwards.cancel()
            server_writer.close()
            writer.close()


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


@asynccontextmanager
async def breaking_proxy(database_url: str) -> AsyncIterator[BreakingProxy]:
    """A proxy in front of the server behind this URL's Unix socket."""
    query = parse_qs(urlsplit(database_url).query)
    port = query.get("port", ["5432"])[0]
    proxy = BreakingProxy(Path(query["host"][0]) / f".s.PGSQL.{port}")
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server:
        proxy.port = server.sockets[0].getsockname()[1]
        yield proxy
