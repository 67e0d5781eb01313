"""How well the load generator keeps its times while the server stalls: its own lag, not the server's latency.

The server has a process of its own, as a stack has: it answers at once, but for a stall in the middle.
"""

import asyncio
import contextlib
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from multiprocessing.connection import Connection
from time import monotonic, process_time

from lab.load import OpenLoop
from lab.record import Record
from lab.request import Request
from lab.result import Result

RATE = 500
STALL_S = 3.0
_CALM_S = 3.0
_TIMEOUT_S = 10.0
_ANSWER = b"HTTP/1.1 200 OK\r\nX-Served-By: stalling-1\r\nContent-Length: 2\r\n\r\n{}"
GOAL_MS = 10.0


@dataclass(frozen=True)
class Lag:
    """The whole load, and the part of it that fell due while the server stalled."""

    records: Sequence[Record]
    result: Result
    stalled: Result
    cpu_s: float
    """What the generator used of a processor, altogether."""

    @property
    def met(self) -> bool:
        """Whether the load was on time, and nothing of it was lost."""
        return self.result.lag_p99_ms < GOAL_MS and not self.result.failed

    def sentence(self) -> str:
        whole, stalled = self.result, self.stalled
        return (
            f"{whole.sent} requests at {RATE}/s over a server that stalled for {STALL_S:g} s: {whole.failed} failed. "
            f"Own lag p99 {whole.lag_p99_ms:.2f} ms (goal under {GOAL_MS:g}), at most {whole.lag_max_ms:.1f} ms; "
            f"during the stall p99 {stalled.lag_p99_ms:.2f} ms over {stalled.sent} requests, whose answers took "
            f"up to {stalled.max_ms:.0f} ms. A request cost {self.cpu_s / whole.sent * 1e6:.0f} us of CPU."
        )


async def measure(rate: float = RATE, stall_s: float = STALL_S, calm_s: float = _CALM_S) -> Lag:
    """Load a server that answers at once, stalls, and answers at once again."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        port = await asyncio.to_thread(ours.recv)
        request = Request("GET", "/")
        load = OpenLoop(
            f"http://127.0.0.1:{port}", rate=rate, requests=repeat(request), timeout_s=_TIMEOUT_S, max_in_flight=5000
        )
        async with load:
            before_s = process_time()
            await asyncio.sleep(calm_s)
            ours.send("stall")
            await asyncio.to_thread(ours.recv)
            from_s = monotonic()
            await asyncio.sleep(stall_s)
            to_s = monotonic()
            ours.send("go on")
            await asyncio.sleep(calm_s)
            result = await load.stop()
            cpu_s = process_time() - before_s
        return Lag(load.records(), result, result.between(from_s, to_s), cpu_s)
    finally:
        ours.close()
        server.join(10)
        if server.is_alive():
            server.kill()


def _serve(told: Connection) -> None:
    """Until the other end of the pipe is closed."""
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        asyncio.run(_answer_all(told))


async def _answer_all(told: Connection) -> None:
    going = asyncio.Event()
    going.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await going.wait()
                writer.write(_ANSWER)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
    async with server:
        told.send(server.sockets[0].getsockname()[1])
        while True:
            word = await asyncio.to_thread(told.recv)
            if word == "stall":
                going.clear()
                told.send("stalled")
            else:
                going.set()
