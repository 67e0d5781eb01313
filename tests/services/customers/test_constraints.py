"""What the database itself refuses, whoever writes."""

import asyncpg
import pytest

from tests.services.database import ShopDatabase

_INSERT = "INSERT INTO customers.customer (name, email, city, country) VALUES ({name}, {email}, {city}, {country})"
_GOOD = {"name": "'Ada'", "email": "'ada@example.com'", "city": "'London'", "country": "'GB'"}


async def _insert(database: ShopDatabase, **changes: str) -> None:
    await database.execute(_INSERT.format(**(_GOOD | changes)), role="customers")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "''"},
        {"name": "repeat('a', 201)"},
        {"city": "''"},
        {"city": "repeat('a', 101)"},
        {"email": "'Ada@example.com'"},
        {"email": "'ada'"},
        {"email": "'@example.com'"},
        {"email": "'ada@'"},
        {"email": "repeat('a', 253) || '@b'"},
        {"country": "'gb'"},
        {"country": "'G'"},
    ],
)
async def test_a_value_out_of_range_is_refused(nobody: ShopDatabase, changes: dict[str, str]) -> None:
    await _insert(nobody)
    with pytest.raises(asyncpg.CheckViolationError):
        await _insert(nobody, **({"email": "'other@example.com'"} | changes))


@pytest.mark.parametrize("name", _GOOD)
async def test_nothing_may_be_missing(nobody: ShopDatabase, name: str) -> None:
    with pytest.raises(asyncpg.NotNullViolationError):
        await _insert(nobody, **{name: "NULL"})


async def test_one_mailbox_is_one_customer(nobody: ShopDatabase) -> None:
    await _insert(nobody)
    with pytest.raises(asyncpg.UniqueViolationError):
        await _insert(nobody, name="'Another'")


async def test_an_id_is_given_by_the_database_alone(nobody: ShopDatabase) -> None:
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        await nobody.execute("INSERT INTO customers.customer VALUES (1, 'A', 'a@b', 'C', 'DE')", role="customers")
