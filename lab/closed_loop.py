"""Closed-loop load: each connection sends its next request when the last one was answered.

It is for throughput alone (`make bench`, `lab/capacity.py`). It takes a few microseconds a request, so that on a small
machine it measures the stack and not itself. Everything else uses the open loop of `lab/load.py`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import cast

_HEAD_END = b"\r\n\r\n"


@dataclass
class Tally:
    """The latency of every good answer, and the errors: every other status than 200, every broken connection."""

    latencies_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class _Client(asyncio.Protocol):
    """One connection after another to the same address: nginx closes each after some thousand requests."""

    def __init__(self, host: str, port: int, requests: Iterator[bytes], tally: Tally) -> None:
        self._where = (host, port)
        self._requests = requests
        self._tally = tally
        self._stopping = False
        self._reconnecting: asyncio.Task[None] | None = None
        self.ended = asyncio.get_running_loop().create_future()

    async def connect(self) -> None:
        await asyncio.get_running_loop().create_connection(lambda: self, *self._where)

    def stop(self) -> None:
        self._stopping = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(_HEAD_END)
        if head_end < 0:
            return
        head = self._buffer[:head_end].lower()
        if len(self._buffer) < head_end + len(_HEAD_END) + _content_length(head):
            return
        self._waiting = False
        if head.startswith(b"http/1.1 200 "):
            self._tally.latencies_s.append(perf_counter() - self._sent_at)
        else:
            self._tally.errors.append(self._buffer.split(b"\r\n", 1)[0].decode("latin-1"))
        if self._stopping:
            self._transport.close()
        elif b"\r\nconnection: close" not in head:
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting:
            self._tally.errors.append(f"connection lost: {error}")
        if self._stopping or self._waiting:
            self.ended.set_result(None)
        else:
            self._reconnecting = asyncio.get_running_loop().create_task(self.connect())

    def _send(self) -> None:
        self._buffer = b""
        self._waiting = True
        self._sent_at = perf_counter()
        self._transport.write(next(self._requests))


def _content_length(head: bytes) -> int:
    start = head.index(b"content-length:") + len(b"content-length:")
    return int(head[start:].split(b"\r\n", 1)[0])


async def closed_loop(host: str, port: int, targets: Sequence[str], *, connections: int, seconds: float) -> Tally:
    """Request the targets in turn, over and over, on this many keep-alive connections, for this long."""
    tally = Tally()
    requests = cycle([f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode() for target in targets])
    clients = [_Client(host, port, requests, tally) for _ in range(connections)]
    for client in clients:
        await client.connect()
    await asyncio.sleep(seconds)
    for client in clients:
        client.stop()
    await asyncio.wait([client.ended for client in clients], timeout=10)
    return tally
