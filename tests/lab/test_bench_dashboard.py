"""The pages of `make bench-dashboard`: as many as it says, open for as long as it measures."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lab.bench_dashboard import open_pages
from stack.errors import StackError
from tests.chassis.waiting import until

NEWS = b"event: state\ndata: {}\n\nevent: news\ndata: {}\n\n"


class Events:
    """A server of news that counts who listens."""

    def __init__(self) -> None:
        self.status = b"200 OK"
        self.listening = 0
        self.ends = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.listening += 1
        writer.write(b"HTTP/1.1 " + self.status + b"\r\n\r\n" + NEWS)
        leaving, ending = asyncio.create_task(reader.read()), asyncio.create_task(self.ends.wait())
        await asyncio.wait((leaving, ending), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        ending.cancel()
        self.listening -= 1
        writer.close()


@pytest.fixture
async def events() -> AsyncIterator[tuple[Events, tuple[str, int]]]:
    events = Events()
    server = await asyncio.start_server(events.serve, "127.0.0.1", 0)
    yield events, server.sockets[0].getsockname()
    server.close()
    await server.wait_closed()


async def test_pages_are_open_until_the_measuring_is_over(events: tuple[Events, tuple[str, int]]) -> None:
    server, address = events
    async with open_pages(address, 20):
        assert server.listening == 20
    await until(lambda: server.listening == 0)


async def test_a_page_that_is_refused_stops_the_bench(events: tuple[Events, tuple[str, int]]) -> None:
    server, address = events
    server.status = b"503 Service Unavailable"
    with pytest.raises(StackError, match="503"):
        async with open_pages(address, 1):
            pytest.fail("nothing is to be measured without the page")
    await until(lambda: server.listening == 0)


async def test_a_page_whose_stream_ends_meanwhile_stops_the_bench(events: tuple[Events, tuple[str, int]]) -> None:
    server, address = events

    async def measure() -> None:
        async with open_pages(address, 1) as [page]:
            server.ends.set()
            await until(page.done)

    with pytest.raises(StackError, match="ended"):
        await measure()
