"""A question from inside a container, asked as the stack asks it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

ASK = Path(__file__).parents[2] / "chassis" / "ask.py"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[int]:
    """The port of a server whose every connection gets this answer."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def ask(port: int, *body: str, timeout_s: float = 30.0) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-S", str(ASK), str(timeout_s), "PUT", f"http://127.0.0.1:{port}/faults", *body]
    return await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=60, check=False)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The request line and the body, in two pieces, under a status that is a failure."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    body = head.split(b"\r\n")[0] + b"\n" + await reader.readexactly(length)
    writer.write(b"HTTP/1.1 422 Word\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:5])
    await writer.drain()
    writer.write(body[5:])


async def test_any_status_is_an_answer() -> None:
    async with serving(echo) as port:
        finished = await ask(port, '{"kind": "hang", "für": 1}')

    body = 'PUT /faults HTTP/1.0\n{"kind": "hang", "für": 1}'.encode()
    assert finished.stdout == b"422 %d\n" % len(body) + body
    assert finished.returncode == 0


async def test_a_connection_that_stays_open_does_not_hold_it_up_once_all_is_there() -> None:
    leave = asyncio.Event()

    async def answer_and_stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        await writer.drain()
        await leave.wait()

    async with serving(answer_and_stay) as port:
        finished = await ask(port)
        leave.set()

    assert finished.stdout == b"200 2\n{}"


async def test_silence_is_a_sentence_and_an_exit_code() -> None:
    leave = asyncio.Event()

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not leave.is_set():
            writer.write(b"H")
            await asyncio.wait([asyncio.ensure_future(leave.wait())], timeout=0.05)

    async with serving(trickle) as port:
        finished = await ask(port, timeout_s=0.3)
        leave.set()

    assert (finished.returncode, finished.stdout) == (1, b"")
    assert b"timed out" in finished.stderr


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n"])
async def test_what_is_no_answer_is_not_printed_as_one(said: bytes) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)

    async with serving(hang_up) as port:
        finished = await ask(port)

    assert (finished.returncode, finished.stdout) == (1, b"")
    assert finished.stderr.strip()
    assert b"Traceback" not in finished.stderr
