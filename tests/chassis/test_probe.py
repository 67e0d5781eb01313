"""A container's health check, run as the container runs it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

PROBE = Path(__file__).parents[2] / "chassis" / "probe.py"


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Answers with the status that the path names, in two pieces."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        writer.write(b"HTTP/1.")
        await writer.drain()
        writer.write(b"1 " + target[1:] + b" Status\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def exit_code(url: str) -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-I", "-S", str(PROBE), url)
    return await process.wait()


@pytest.mark.parametrize(("path", "code"), [("200", 0), ("503", 1), ("404", 1), ("2000", 1)])
async def test_only_a_200_is_healthy(port: int, path: str, code: int) -> None:
    assert await exit_code(f"http://127.0.0.1:{port}/{path}") == code


async def test_nobody_listening_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert await exit_code(f"http://127.0.0.1:{port}/readyz") == 1
