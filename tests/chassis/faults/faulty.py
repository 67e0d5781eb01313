"""A service with faults enabled: one in this process, whose time and chances belong to the test, and a real one."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from chassis.app import create_app
from chassis.faults.host import Host
from chassis.metrics import HttpMetrics
from chassis.settings import ServiceSettings
from tests.chassis.client import connected, routes
from tests.chassis.faults.fake_time import FakeTime
from tests.chassis.process import Answer, Service


@dataclass
class Faulty:
    """`died` is what the process would have died of, `blocked_s` how long its loop would have stood still."""

    client: httpx.AsyncClient
    host: Host
    time: FakeTime
    metrics: HttpMetrics
    died: list[int] = field(default_factory=list)
    blocked_s: list[float] = field(default_factory=list)

    async def put(self, kind: str, **body: object) -> httpx.Response:
        return await self.client.put("/faults", json={"kind": kind, "for_s": 60} | body)

    async def inject(self, kind: str, **body: object) -> None:
        answer = await self.put(kind, **body)
        assert answer.status_code == 200, answer.text

    async def clear(self) -> None:
        assert (await self.client.delete("/faults")).json() == {"faults": []}

    async def active(self) -> list[dict[str, Any]]:
        faults: list[dict[str, Any]] = (await self.client.get("/faults")).json()["faults"]
        return faults

    async def statuses(self, count: int) -> list[int]:
        """What that many requests for the service's own route are answered with."""
        return [(await self.client.get("/items/7")).status_code for _ in range(count)]


@asynccontextmanager
async def faulty(**settings: Any) -> AsyncIterator[Faulty]:
    time, metrics = FakeTime(), HttpMetrics()
    died: list[int] = []
    blocked_s: list[float] = []

    def block(seconds: float) -> None:
        blocked_s.append(seconds)
        time.now_s += seconds

    host = Host(time.clock, time.call_later, Random(7), block, died.append)
    given = ServiceSettings(replica="items-1", faults_enabled=True, **settings)
    async with connected(create_app("items", given, routes(), metrics=metrics, host=host)) as client:
        yield Faulty(client, host, time, metrics, died, blocked_s)


async def put_fault(service: Service, kind: str, **body: object) -> Answer:
    """Ask a real service for a fault."""
    raw = json.dumps({"kind": kind, "for_s": 60} | body).encode()
    head = f"PUT /faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}"
    async with service.wire() as wire:
        await wire.send(f"{head}\r\n\r\n".encode() + raw)
        return await wire.answer()


async def clear_faults(service: Service) -> Answer:
    async with service.wire() as wire:
        await wire.send(b"DELETE /faults HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return await wire.answer()
