"""The tables are declared once: what `schema.py` says is what the migrations leave in the database."""

from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Integer, MetaData, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from tests.services.database import SERVICES, ShopDatabase


async def differences(database: ShopDatabase, service: str, metadata: MetaData) -> list[Any]:
    """What Alembic's autogenerate would write into the next migration of this service."""

    def is_own(name: str | None, kind: str, parents: Any) -> bool:
        return name == service if kind == "schema" else name != "alembic_version"

    def compare(connection: Connection) -> list[Any]:
        options = {"include_schemas": True, "include_name": is_own, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    engine = create_async_engine(make_url(database.url()).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(compare)
    finally:
        await engine.dispose()


def declared(service: str) -> MetaData:
    metadata: MetaData = import_module(f"services.{service}.schema").metadata
    return metadata


@pytest.mark.parametrize("service", SERVICES)
async def test_the_migrations_leave_the_tables_that_the_schema_declares(database: ShopDatabase, service: str) -> None:
    assert await differences(database, service, declared(service)) == []


async def test_the_comparison_sees_a_column_an_index_and_a_table_that_are_missing(database: ShopDatabase) -> None:
    changed = MetaData(schema="customers")
    customer = declared("customers").tables["customers.customer"].to_metadata(changed)
    customer.append_column(Column("points", Integer, index=True))
    declared("products").tables["products.word"].to_metadata(changed, schema="customers")
    found = {change[0] for change in await differences(database, "customers", changed)}
    assert found == {"add_column", "add_index", "add_table"}
