"""A service as a process of its own, and the plainest HTTP client: one that hides no connection."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stack.local.ports import free_port
from tests.chassis.waiting import PATIENCE_S, until

ROOT = Path(__file__).parents[2]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def closes(self) -> bool:
        return self.headers.get("connection") == "close"


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    async def send(self, raw: bytes) -> None:
        self._writer.write(raw)
        await self._writer.drain()

    async def get(self, target: str, *headers: str) -> Answer:
        lines = "".join(f"{line}\r\n" for line in ("Host: localhost", *headers))
        await self.send(f"GET {target} HTTP/1.1\r\n{lines}\r\n".encode())
        return await self.answer()

    async def answer(self) -> Answer:
        """The next answer; only for one with a Content-Length."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
        return Answer(int(head[0].split()[1]), headers, await self.reader.readexactly(int(headers["content-length"])))

    def close(self) -> None:
        self._writer.close()


@dataclass
class Service:
    """A running process; `output` is what it has written so far."""

    process: asyncio.subprocess.Process
    port: int
    output: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        wire = Wire(*await asyncio.open_connection("127.0.0.1", self.port))
        try:
            yield wire
        finally:
            wire.close()

    async def get(self, target: str, *headers: str) -> Answer:
        async with self.wire() as wire:
            return await wire.get(target, *headers)

    async def is_listening(self) -> bool:
        with suppress(OSError):
            async with self.wire():
                return True
        return False

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def exit_code(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    def log(self) -> list[dict[str, Any]]:
        """Every line that it has written: all of them are JSON."""
        return [json.loads(line) for line in self.output]


@asynccontextmanager
async def running(
    module: str = "tests.chassis.tiny_service", otel: Mapping[str, str] = MappingProxyType({}), **settings: object
) -> AsyncIterator[Service]:
    """Start `python -m module` with these settings, wait until it listens, and end it afterwards."""
    port = free_port(())
    given = {"replica": "tiny-1", "listen_port": port} | settings
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AFLOAT_", "OTEL_"))}
    environment |= {f"AFLOAT_{name.upper()}": str(value) for name, value in given.items()} | dict(otel)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, cwd=ROOT, env=environment, stdout=-1, stderr=-2
    )
    service = Service(process, port)
    reading = asyncio.create_task(_read(process, service.output))
    try:
        await until(service.is_listening)
        yield service
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading


async def _read(process: asyncio.subprocess.Process, output: list[str]) -> None:
    assert process.stdout is not None
    async for line in process.stdout:
        output.append(line.decode())
