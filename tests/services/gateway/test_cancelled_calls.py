"""Calls that are cancelled at any moment give their connections back."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from chassis.http_client import http_client
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.pipeline import Pipeline
from services.gateway.transport import Call, Transport

CONNECTIONS = 8
CALLS = 10_000
AT_ONCE = 20


class Gate(asyncio.Protocol):
    """An HTTP server that answers while the gate is open. Requests wait while it is shut."""

    waiting: ClassVar[set["Gate"]] = set()
    is_open: ClassVar[bool] = True

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator[str]:
        server = await asyncio.get_running_loop().create_server(cls, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    @classmethod
    def shut(cls, is_shut: bool) -> None:
        cls.is_open = not is_shut
        while cls.is_open and cls.waiting:
            cls.waiting.pop().answer()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self.is_open:
            self.answer()
        else:
            self.waiting.add(self)

    def answer(self) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")

    def connection_lost(self, error: Exception | None) -> None:
        self.waiting.discard(self)


async def test_no_connection_is_lost_in_ten_thousand_randomly_cancelled_calls() -> None:
    """Property 16: afterwards all connections can be used at the same time."""
    options = PipelineOptions(
        attempt_timeout_s=30,
        bulkhead=BulkheadOptions(max_concurrent=CONNECTIONS, max_queued=AT_ONCE, max_wait_s=30),
        circuit_breaker=CircuitBreakerOptions(consecutive_failures=1_000_000, minimum_calls=1_000_000),
    )
    pipeline, dice, get = Pipeline("service", options), random.Random(16), Call("GET", "/")
    async with (
        Gate.listening() as url,
        http_client(connections=CONNECTIONS, keep_alive_s=30, user_agent="a-test") as client,
    ):
        transport = Transport(client, url, max_answer_bytes=1000)

        async def call() -> None:
            await pipeline.call(lambda: transport.exchange(get))

        for _ in range(CALLS // AT_ONCE):
            calls = [asyncio.create_task(call()) for _ in range(AT_ONCE)]
            # Each call at least once, and some again while they handle the first cancellation.
            left = set(calls)
            while left:
                await asyncio.sleep(0)
                for task in dice.choices(calls, k=dice.randrange(6)):
                    task.cancel()
                    left.discard(task)
            await asyncio.gather(*calls, return_exceptions=True)
        now = pipeline.snapshot()
        assert now.ignored > CALLS / 10, "too few calls were cancelled while they ran"
        assert (now.failed, now.in_flight, now.bulkhead.in_use, now.bulkhead.queued) == (0, 0, 0, 0)

        Gate.shut(True)
        calls = [asyncio.create_task(call()) for _ in range(CONNECTIONS)]
        async with asyncio.timeout(30):
            while len(Gate.waiting) < CONNECTIONS:
                await asyncio.sleep(0.001)
        Gate.shut(False)
        await asyncio.gather(*calls)
