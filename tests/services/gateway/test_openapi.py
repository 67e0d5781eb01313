"""Every request that the OpenAPI document allows, and many that it does not, is answered as the document says."""

import asyncio
import json
import re
import sys
from pathlib import Path

from tests.chassis.upstream import Behaviour, Exchange, answer
from tests.services.gateway.conftest import OpenGateway


async def orders(exchange: Exchange) -> None:
    """Refuses what the real service refuses."""
    received = exchange.received
    if received.method != "POST":
        await answer()(exchange)
    elif not re.fullmatch(r"[!#-~]{1,255}", received.headers.get("idempotency-key", "")):
        await problem(400)(exchange)
    elif not is_object(received.body) or received.headers.get("content-type") != "application/json":
        await problem(422)(exchange)
    else:
        await answer(201)(exchange)


def problem(status: int) -> Behaviour:
    body = json.dumps({"type": "about:blank", "title": "Refused", "status": status, "detail": "No."}).encode()
    return answer(status, body, content_type="application/problem+json")


def is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


async def test_schemathesis_finds_nothing(open_gateway: OpenGateway, tmp_path: Path) -> None:
    gateway = await open_gateway()
    gateway.orders.behave = orders
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "run", f"{gateway.url}/openapi.json",
        "--checks", "all", "--phases", "coverage,fuzzing", "--max-examples", "20", "--seed", "1", "--no-color",
        cwd=tmp_path, stdout=-1, stderr=-2,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
