"""The plain app that `make bench` compares the search with, on a real PostgreSQL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from lab.plain_search import build
from tests.chassis.postgres import Postgres

LAMPS = """
CREATE TABLE lamp AS SELECT id, 'lamp ' || id AS name, 'Lumo' AS brand, 'lamps' AS category, '' AS description,
    100 * id AS price_cents, 'EUR' AS currency, TIMESTAMPTZ '2026-01-01 12:00Z' AS created_at
FROM generate_series(1, 5) AS id
"""
SQL = """
SELECT tally.found, lamp.* FROM (SELECT count(*) AS found FROM lamp WHERE name LIKE :words) AS tally
LEFT JOIN lamp ON lamp.name LIKE :words ORDER BY lamp.id LIMIT :rows
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    # A PostgreSQL that root starts runs as another user, who may not read pytest's own folder.
    with tempfile.TemporaryDirectory(prefix="afloat-") as folder:
        server = Postgres(Path(folder) / "postgres")
        server.run(LAMPS)
        yield server
        server.close()


async def page(postgres: Postgres, words: str) -> dict[str, Any]:
    """The page that the app answers."""
    url = postgres.url.replace("postgresql://", "postgresql+asyncpg://")
    app = build(url, SQL, {"words": "brass lantern", "rows": 3})
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://plain") as client,
    ):
        answer = await client.get("/products/search", params={"q": words})
    found: dict[str, Any] = answer.json()
    return found


async def test_a_page_has_the_products_that_match_its_words(postgres: Postgres) -> None:
    assert await page(postgres, "%4") == {
        "products": [
            {
                "id": 4,
                "name": "lamp 4",
                "brand": "Lumo",
                "category": "lamps",
                "description": "",
                "price_cents": 400,
                "currency": "EUR",
                "created_at": "2026-01-01T12:00:00Z",
            }
        ],
        "total_found": 1,
    }


async def test_the_row_that_shows_a_further_page_is_not_part_of_this_one(postgres: Postgres) -> None:
    first = await page(postgres, "lamp%")
    assert ([product["id"] for product in first["products"]], first["total_found"]) == ([1, 2], 5)


async def test_a_search_that_finds_nothing_is_an_empty_page(postgres: Postgres) -> None:
    assert await page(postgres, "sofa") == {"products": [], "total_found": 0}
