"""A schema and a role per service: none may read another's."""

from itertools import permutations

import asyncpg
import pytest

from tests.services.database import SERVICES, ShopDatabase

_TABLE = {"products": "products.product", "customers": "customers.customer", "orders": 'orders."order"'}


@pytest.mark.parametrize(("role", "other"), list(permutations(SERVICES, 2)))
async def test_a_role_cannot_read_or_write_another_service(database: ShopDatabase, role: str, other: str) -> None:
    for statement in ("SELECT FROM {}", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.execute(statement.format(_TABLE[other]), role=role)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database.execute(f"CREATE TABLE {other}.mine ()", role=role)


@pytest.mark.parametrize("role", SERVICES)
async def test_a_role_reads_its_own(database: ShopDatabase, role: str) -> None:
    await database.execute(f"SELECT FROM {_TABLE[role]}", role=role)
