"""The steps of the migrate job. Each step can be repeated. It reads the services' folders but imports none of them."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from chassis import migrations
from services.migrate import read_model, roles
from services.migrate.settings import environment_for

_SERVICES = Path(__file__).parents[1]
_EXTENSIONS = ("pg_trgm", "fuzzystrmatch")
# Only one migrate job may run at a time. The number is arbitrary, but must be the same for all of them.
_LOCK = 0x0AF10A7


async def schemas(admin: asyncpg.Connection, urls: Mapping[str, str]) -> None:
    """Create a role, a schema and its tables for each service. `urls` has the database URL of each service's role."""
    await admin.execute("SET lock_timeout = '60s'")
    await admin.fetchval("SELECT pg_advisory_lock($1)", _LOCK)
    for extension in _EXTENSIONS:
        await admin.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")
    for service, url in urls.items():
        await roles.prepare(admin, service, url)
        await migrations.upgrade(url, service, _SERVICES / service / "migrations")


async def data(urls: Mapping[str, str]) -> None:
    """Run the seed of every service, in a process with the role of that service, and copy the read model of Orders."""
    await _seed("products", urls)
    await _seed("customers", urls)
    await read_model.copy(urls["products"], urls["customers"], urls["orders"])
    await _seed("orders", urls)


async def _seed(service: str, urls: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", f"services.{service}.seed"]
    process = await asyncio.create_subprocess_exec(*command, env=environment_for(urls[service]))
    if await process.wait():
        raise SystemExit(f"The seed of {service} failed. Its output says why.")
