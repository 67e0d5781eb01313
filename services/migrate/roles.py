"""One role and one schema for each service. A service cannot read the schema of another one."""

from urllib.parse import unquote, urlsplit

import asyncpg

_CONNECTIONS = 320


async def prepare(admin: asyncpg.Connection, service: str, url: str) -> None:
    """Create the role and the schema of the service, and set the password of the URL. Can be repeated."""
    user, password = credentials(url)
    if user != service:
        raise SystemExit(f"The URL for {service} has the role {user!r}. Use the role {service!r}.")
    role, schema = _identifier(user), _identifier(service)
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", user):
        await admin.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        # An administrator that is not a superuser must be a member of the role to create a schema for it.
        if not await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await admin.execute(f"GRANT {role} TO CURRENT_USER")
    literal = await admin.fetchval("SELECT quote_literal($1)", password)
    # A service must not use all 400 connections of PostgreSQL. 320 are enough for fifty replicas with six each.
    await admin.execute(f"ALTER ROLE {role} CONNECTION LIMIT {_CONNECTIONS} PASSWORD {literal}")
    await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role}")
    await admin.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")


def credentials(url: str) -> tuple[str, str]:
    """User and password of a database URL."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
