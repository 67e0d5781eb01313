"""An app made of the chassis and an HTTP client for it, in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel

from chassis.app import create_app
from chassis.context import current_request
from chassis.metrics import HttpMetrics
from chassis.middleware import Unbounded, never
from chassis.problems import CONTENT_TYPE, Problem
from chassis.settings import ServiceSettings
from resilience.deadline import current_deadline


class Item(BaseModel):
    name: str
    count: int = 1


def routes() -> APIRouter:
    router = APIRouter(prefix="/items")

    @router.get("/{number}")
    async def item(number: Annotated[int, Path(ge=1)], q: Annotated[str, Query(max_length=10)] = "") -> Response:
        return JSONResponse({"number": number, "q": q})

    @router.post("", status_code=201)
    async def add(item: Item) -> Item:
        return item

    @router.post("/raw")
    async def raw(request: Request) -> Response:
        return JSONResponse({"bytes": len(await request.body())})

    @router.get("/about/context")
    async def about() -> Response:
        request, deadline = current_request.get(), current_deadline.get()
        assert request is not None
        time_s = None if deadline is None else deadline.remaining_s()
        return JSONResponse({"time_s": time_s, "trace_id": request.trace_id} | request.child_headers())

    @router.get("/faults/{kind}")
    async def fault(kind: str) -> Response:
        if kind == "away":
            raise Problem(503, "Nobody is there.", dependency="postgres", reason="unreachable", retry_after_s=2)
        if kind == "slow":
            await asyncio.sleep(600)
        if kind == "timeout":
            raise TimeoutError("not the request's")
        if kind == "stream":
            return StreamingResponse(broken_stream())
        if kind == "named":
            return JSONResponse({}, headers={"X-Served-By": "products-7"})
        raise LookupError("a secret")

    return router


async def broken_stream() -> AsyncIterator[bytes]:
    """Fails before its first byte."""
    raise LookupError("a secret")
    yield b""


def make_app(
    metrics: HttpMetrics | None = None, checks: Any = None, unbounded: Unbounded = never, **settings: Any
) -> FastAPI:
    given = ServiceSettings(replica="items-1", **settings)
    return create_app("items", given, routes(), metrics=metrics, checks=checks, unbounded=unbounded)


@asynccontextmanager
async def connected(app: FastAPI | None = None, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app or make_app(**settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://items") as client:
        yield client


def problem_in(answer: httpx.Response) -> dict[str, Any]:
    """The problem document that this answer is, after the rules that all of them keep."""
    assert answer.headers["Content-Type"] == CONTENT_TYPE
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code
    assert {"type", "title", "status", "detail"} <= set(document)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    return document
