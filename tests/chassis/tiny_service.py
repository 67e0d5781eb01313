"""A service made of the chassis and nothing else: `python -m tests.chassis.tiny_service`."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from chassis.app import create_app, serve
from chassis.settings import ServiceSettings

routes = APIRouter()


@routes.get("/quick")
async def quick() -> Response:
    return PlainTextResponse("done")


@routes.get("/slow")
async def slow(seconds: float) -> Response:
    await asyncio.sleep(seconds)
    return PlainTextResponse("done")


@routes.get("/broken")
async def broken() -> Response:
    raise LookupError("a secret")


@routes.get("/stream")
async def stream() -> Response:
    async def ticks() -> AsyncIterator[bytes]:
        while True:
            yield b"tick\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(ticks(), media_type="text/plain")


@routes.get("/half")
async def half() -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"half"
        raise LookupError("a secret")

    return StreamingResponse(chunks(), media_type="text/plain")


@routes.post("/size")
async def size(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


if __name__ == "__main__":
    settings = ServiceSettings.load()
    serve(create_app("tiny", settings, routes), settings)
