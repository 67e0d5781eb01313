"""A real PostgreSQL with a migrated schema and a role for each service under test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from services.migrate import job
from tests.chassis.postgres import Postgres

SERVICES = ("products", "customers", "orders")


class ShopDatabase:
    """Where the database is, for the superuser and for each service."""

    def __init__(self, server_url: str) -> None:
        self._query = server_url.partition("?")[2]

    def url(self, role: str = "postgres") -> str:
        return f"postgresql://{role}:secret@/afloat?{self._query}"

    async def execute(self, sql: str, *args: object, role: str = "postgres") -> list[asyncpg.Record]:
        """Run a statement in a connection of its own."""
        connection = await asyncpg.connect(self.url(role))
        try:
            return list(await connection.fetch(sql, *args))
        finally:
            await connection.close()

    async def run(self, script: str, role: str = "postgres") -> None:
        """Run several statements, in one transaction."""
        connection = await asyncpg.connect(self.url(role))
        try:
            await connection.execute(script)
        finally:
            await connection.close()

    async def migrate(self) -> None:
        """Make the roles and schemas as the migrate job does, without its seeds."""
        admin = await asyncpg.connect(self.url())
        try:
            await job.schemas(admin, {service: self.url(service) for service in SERVICES})
        finally:
            await admin.close()


@contextmanager
def shop_database(folder: Path) -> Iterator[ShopDatabase]:
    """Start a server in `folder` (short: its socket lies there) and create the empty database `afloat`."""
    server = Postgres(folder)
    try:
        server.run("CREATE DATABASE afloat")
        yield ShopDatabase(server.url)
    finally:
        server.close()
