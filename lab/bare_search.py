"""`python -m lab.bare_search PORT DATABASE_URL SENT`: uvicorn and asyncpg's pool, and between them the SQL alone.

The search that one writes first. It limits, counts, logs and checks nothing, and answers one kind of search:
the one that SENT has the SQL and arguments of, in JSON, but for its words.
"""

import json
import re
import sys
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

_CONNECTIONS = 6


def searching(url: str, sent: dict[str, Any]) -> ASGIApp:
    names = list(sent["arguments"])
    sql = re.sub(r":(\w+)::", lambda match: f"${names.index(match[1]) + 1}::", sent["sql"])
    limit = sent["arguments"]["rows"] - 1
    pool: asyncpg.Pool | None = None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal pool
        if scope["type"] == "lifespan":
            await receive()
            pool = await asyncpg.create_pool(
                url,
                min_size=_CONNECTIONS,
                max_size=_CONNECTIONS,
                max_cached_statement_lifetime=0,
                server_settings={"jit": "off", "plan_cache_mode": "force_generic_plan"},
            )
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert pool is not None
        if not scope["query_string"]:  # the dashboard, which takes this for a replica
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        words = parse_qs(scope["query_string"].decode())["q"][0]
        rows = await pool.fetch(sql, *{**sent["arguments"], "words": words}.values())
        documents = ",".join(row["body"] for row in rows[:limit] if row["body"])
        body = f'{{"products":[{documents}],"total_found":{rows[0]["found"]}}}'.encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    uvicorn.run(
        searching(sys.argv[2], json.loads(sys.argv[3])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=75,
    )
