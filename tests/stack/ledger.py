"""The orders that really are in a running stack's database."""

import json

import asyncpg

from lab.hands import patiently
from stack.docker.command import docker
from stack.local.folder import LocalFolder
from stack.local.runtime import LocalRuntime
from stack.local.topology import HOST
from stack.runtime import Runtime
from stack.settings import StackSettings

_KEYS = """SELECT coalesce(json_agg(json_build_array(idempotency_key, id)), '[]') FROM orders."order" """


async def orders_by_key(runtime: Runtime, local: StackSettings) -> list[tuple[str, int]]:
    """Key and id of every order; `local` are the settings of the stack of plain processes."""
    text = await (_of_processes(local) if isinstance(runtime, LocalRuntime) else patiently(_of_containers, runtime))
    return [(key, order_id) for key, order_id in json.loads(text)]


async def _of_processes(settings: StackSettings) -> str:
    folder = LocalFolder(settings.state_dir / "local")
    topology = folder.topology()
    assert topology is not None
    connection = await asyncpg.connect(
        host=HOST,
        port=topology.place("postgres-1").port,
        user="orders",
        password=folder.passwords()["orders"],
        database="afloat",
    )
    try:
        return str(await connection.fetchval(_KEYS))
    finally:
        await connection.close()


def _of_containers(runtime: Runtime) -> str:
    [postgres] = runtime.status().of("postgres")
    assert postgres.container is not None
    return docker("exec", postgres.container, "psql", "--username=postgres", "--dbname=afloat", "-Atc", _KEYS)
