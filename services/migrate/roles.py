"""A role and a schema of its own for each service: none may read another's."""

from urllib.parse import unquote, urlsplit

import asyncpg

_CONNECTIONS = 320


async def prepare(admin: asyncpg.Connection, service: str, url: str) -> None:
    """Make the role and the schema named as the service, or bring them to the given password. Can be run again."""
    user, password = credentials(url)
    if user != service:
        raise SystemExit(f"The URL for {service} names the role {user!r}: let it name {service!r}.")
    role, schema = _identifier(user), _identifier(service)
    if not await admin.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", user):
        await admin.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
        # Who is no superuser must belong to a role to make a schema for it.
        if not await admin.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await admin.execute(f"GRANT {role} TO CURRENT_USER")
    literal = await admin.fetchval("SELECT quote_literal($1)", password)
    # No service may use up all of PostgreSQL's connections (400): fifty replicas have six each.
    await admin.execute(f"ALTER ROLE {role} CONNECTION LIMIT {_CONNECTIONS} PASSWORD {literal}")
    await admin.execute(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {role}")
    await admin.execute(f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC")


def credentials(url: str) -> tuple[str, str]:
    """User and password of a database URL."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or "")


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
