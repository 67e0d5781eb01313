"""A shop for the dashboard to watch: the real gateway, chassis and faults; no nginx, no database, and one process."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from chassis.app import create_app
from chassis.faults.host import Host
from chassis.problems import Problem
from chassis.settings import ServiceSettings
from services.gateway.app import build
from services.gateway.settings import GatewaySettings
from tests.browser.servers import Served

_KEPT = ("X-Served-By", "Cache-Status", "Content-Type")
_TYPICAL_S = {"products": 0.006, "customers": 0.004, "orders": 0.005}


class Shop:
    """Everything but the dashboard. `restart_after_s`: how long a crashed replica stays down; None: for good."""

    def __init__(self, folder: Path, restart_after_s: float | None = None) -> None:
        self.topology = folder / "topology.json"
        self.replicas: dict[str, Served] = {}
        self._restart_after_s = restart_after_s
        self._later: set[asyncio.Task[None]] = set()
        self._turns = Counter[str]()
        self._http: aiohttp.ClientSession | None = None
        names = ["products-1", "products-2", "products-3", "customers-1", "orders-1"]
        for name in names:
            self.replicas[name] = Served(self._replica(name))
        self.balancer = Served(self._balancer())
        self.replicas["gateway-1"] = Served(build(self._gateway_settings()))

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Shop"]:
        async with AsyncExitStack() as stack:
            connector = aiohttp.TCPConnector(limit=0)
            self._http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            for served in (*self.replicas.values(), self.balancer):
                stack.callback(served.let_go)
                await served.start()
                stack.push_async_callback(served.kill)
            self._write_topology()
            yield self
            for task in self._later:
                task.cancel()

    async def crash(self, name: str) -> None:
        """Kill it, and start it again when it is time."""
        await self.replicas[name].kill()
        if self._restart_after_s is not None:
            await asyncio.sleep(self._restart_after_s)
            await self.replicas[name].start()

    async def revive(self) -> None:
        """Start every replica that is down, however it went down."""
        await asyncio.gather(*self._later)
        for served in self.replicas.values():
            if not served.is_up:
                await served.start()

    async def ask(self, name: str, target: str) -> Response:
        """Straight from this replica, however long it takes."""
        assert self._http is not None
        async with self._http.get(self.replicas[name].url + target) as answer:
            kept = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
            return Response(await answer.read(), answer.status, kept)

    async def pass_on(self, names: list[str], target: str) -> Response:
        """As nginx does: to one after the other, until one answers with anything but 503.

        The next request starts behind where this one went: those that live share evenly what a dead one leaves.
        """
        for _ in names:
            self._turns[names[0]] += 1
            name = names[self._turns[names[0]] % len(names)]
            try:
                async with asyncio.timeout(4):
                    answer = await self.ask(name, target)
                if answer.status_code != 503 or names == ["gateway-1"]:
                    return answer
            except (aiohttp.ClientError, TimeoutError):
                continue
        raise Problem(502, "No replica answered.", reason="unreachable")

    def _replica(self, name: str) -> FastAPI:
        service = name.rpartition("-")[0]
        chance = Random(name)
        routes = APIRouter()

        @routes.get("/" + service)
        @routes.get("/" + service + "/{rest:path}")
        async def serve(rest: str = "") -> Response:
            await asyncio.sleep(_TYPICAL_S[service] * chance.lognormvariate(0, 0.4))
            return JSONResponse({"by": name})

        host = Host(die=lambda _: self._soon(self.crash(name)))
        settings = ServiceSettings(replica=name, faults_enabled=True, request_timeout_s=3600)
        return create_app(service, settings, routes, host=host)

    def _gateway_settings(self) -> GatewaySettings:
        return GatewaySettings(
            replica="gateway-1",
            faults_enabled=True,
            products_url=self.balancer.url,
            customers_url=self.replicas["customers-1"].url,
            orders_url=self.replicas["orders-1"].url,
        )

    def _soon(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _balancer(self) -> FastAPI:
        routes = APIRouter()

        @routes.get("/healthz")
        async def healthy() -> Response:
            return JSONResponse({})

        @routes.get("/{target:path}")
        async def pass_on(request: Request) -> Response:
            path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            products = [name for name in self.replicas if name.startswith("products")]
            return await self.pass_on(["gateway-1"] if path.startswith("/api") else products, path)

        return create_app("lb", ServiceSettings(replica="nginx", request_timeout_s=3600), routes)

    def _write_topology(self) -> None:
        places = [
            {"name": name, "service": name.rpartition("-")[0], "host": "127.0.0.1", "port": served.port}
            for name, served in self.replicas.items()
        ]
        places.append({"name": "lb-1", "service": "lb", "host": "127.0.0.1", "port": self.balancer.port})
        self.topology.write_text(json.dumps({"url": self.balancer.url, "places": places}))
