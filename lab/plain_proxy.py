"""`python -m lab.plain_proxy PORT UPSTREAM`: the proxy that most people write first, with FastAPI and httpx.

The gateway is measured against it. It has no patterns, and the timeouts and the connections that httpx has by default.
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
    # "warning": no access log, as in the gateway.
    uvicorn.run(proxy(sys.argv[2]), port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="warning")
