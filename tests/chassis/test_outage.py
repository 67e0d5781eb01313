"""A service whose database goes away for a while: alive all the time, never silent, and back by itself."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from sqlalchemy import literal, select

from chassis.app import create_app
from chassis.database import Database
from chassis.settings import DatabaseSettings
from tests.chassis.client import connected, problem_in
from tests.chassis.postgres import PATIENT, Postgres
from tests.chassis.waiting import until

Outage = tuple[Callable[[Postgres], None], Callable[[Postgres], None]]
OUTAGES: dict[str, Outage] = {
    "crash": (Postgres.stop, Postgres.start),
    "hang": (Postgres.freeze, Postgres.thaw),
}


@pytest.fixture
async def service(postgres: Postgres) -> AsyncIterator[httpx.AsyncClient]:
    given = {"replica": "reader-1", "database_url": postgres.url, "database_pool_size": 3, **PATIENT}
    settings = DatabaseSettings.model_validate(given)
    database = Database(settings)
    routes = APIRouter()

    @routes.get("/read/{number}")
    async def read(number: int) -> Response:
        row = await database.first(select(literal(number).label("number")))
        assert row is not None
        return JSONResponse({"number": row.number})

    app = create_app("reader", settings, routes, database=database)
    async with app.router.lifespan_context(app), connected(app) as client:
        yield client


@pytest.mark.parametrize("outage", OUTAGES)
async def test_a_service_stays_alive_says_what_is_wrong_and_recovers(
    postgres: Postgres, service: httpx.AsyncClient, outage: str
) -> None:
    begin, end = OUTAGES[outage]
    assert (await service.get("/readyz")).status_code == 200
    answers: list[httpx.Response] = []
    over = asyncio.Event()

    async def visitor() -> None:
        for number in itertools.count():
            if over.is_set():
                return
            answers.append(await service.get(f"/read/{number % 100}"))
            await asyncio.sleep(0.005)

    visitors = [asyncio.create_task(visitor()) for _ in range(10)]
    await until(lambda: len(answers) > 20)
    begin(postgres)
    try:
        await until(lambda: not_ready(service))
        assert (await service.get("/livez")).status_code == 200
        seen = len(answers)
        await until(lambda: len(answers) > seen + 200)
    finally:
        end(postgres)
    await until(lambda: ready(service))
    after = len(answers)
    await until(lambda: len(answers) > after + 50)
    over.set()
    await asyncio.gather(*visitors)

    assert {answer.status_code for answer in answers[after + 10 :]} == {200}
    failures = [answer for answer in answers if answer.status_code != 200]
    assert len(failures) > 200
    for answer in failures:
        assert problem_in(answer).get("dependency") == "postgres", answer.text
        assert answer.headers["Retry-After"] == "1"
    # Only those who were waiting when it hung are told that it took too long.
    late = [answer for answer in failures if answer.status_code == 504]
    assert len(late) <= (3 if outage == "hang" else 0)


async def ready(service: httpx.AsyncClient) -> bool:
    return (await service.get("/readyz")).status_code == 200


async def not_ready(service: httpx.AsyncClient) -> bool:
    return not await ready(service)
