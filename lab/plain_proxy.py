"""The proxy that one writes first: FastAPI and httpx as they come. `python -m lab.plain_proxy PORT UPSTREAM`.

What the gateway is measured against. It is as naive as it looks: no timeout of its own choosing, no pattern.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import FastAPI, Response


def proxy(upstream: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(base_url=upstream) as app.state.client:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/api/customers/{customer_id}")
    async def get_customer(customer_id: int) -> Response:
        answer = await app.state.client.get(f"/customers/{customer_id}")
        return Response(answer.content, answer.status_code, media_type="application/json")

    return app


if __name__ == "__main__":
    uvicorn.run(proxy(sys.argv[2]), port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="warning")
