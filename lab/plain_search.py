"""The search that one writes first: FastAPI and SQLAlchemy as their documentation teaches them.

`python -m lab.plain_search PORT DATABASE_URL STATEMENT`, where STATEMENT is what `python -m services.products.sql`
prints. `make bench` measures Afloat's search beside it: both run the same SQL and answer with the same products. This
one has no limits, deadlines, metrics, logs, corrections or further pages.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Product(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    brand: str
    category: str
    description: str
    price_cents: int
    currency: str
    created_at: datetime


class SearchPage(BaseModel):
    products: list[Product]
    total_found: int


def build(url: str, sql: str, arguments: dict[str, Any]) -> FastAPI:
    """`sql` answers with one row more than a page has, or with one row of NULLs where nothing is found."""
    engine = create_async_engine(url)
    sessions = async_sessionmaker(engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    async def get_session() -> AsyncIterator[AsyncSession]:
        async with sessions() as session:
            yield session

    @app.get("/products/search")
    async def search(q: str, session: Annotated[AsyncSession, Depends(get_session)]) -> SearchPage:
        rows = (await session.execute(text(sql), {**arguments, "words": q})).all()
        page = [row for row in rows if row.id is not None][: arguments["rows"] - 1]
        return SearchPage(products=[Product.model_validate(row) for row in page], total_found=rows[0].found)

    return app


if __name__ == "__main__":
    _, port, url, statement = sys.argv
    uvicorn.run(build(url, **json.loads(statement)), port=int(port), log_level="warning")
