"""Runs Alembic without a configuration folder. Each service has one linear history, run with the service's role."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine


async def upgrade(url: str, schema: str, versions: Path) -> None:
    """Upgrade `schema` to the newest revision in the folder `versions`, in one transaction.

    The table `alembic_version` in the schema contains its current revision.
    """
    engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, schema, versions)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, schema: str, versions: Path) -> None:
    scripts = ScriptDirectory(str(versions.parent), version_locations=[str(versions)])

    def steps(revision: str | tuple[str, ...], context: MigrationContext) -> list[RevisionStep]:
        return list(scripts._upgrade_revs("head", revision))  # type: ignore[arg-type]  # as EnvironmentContext documents

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table_schema=schema)
        environment.run_migrations()
