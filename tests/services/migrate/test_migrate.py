"""The migrate job as a process of its own, on an empty database."""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from tests.services.database import SERVICES, ShopDatabase, shop_database

_COUNTS = {"AFLOAT_PRODUCTS_COUNT": "200", "AFLOAT_CUSTOMERS_COUNT": "50", "AFLOAT_ORDERS_COUNT": "30"}
_COUNT = """
SELECT array[
    (SELECT count(*) FROM products.product), (SELECT count(*) FROM customers.customer),
    (SELECT count(*) FROM orders."order"), (SELECT count(*) FROM orders.price_list),
    (SELECT count(*) FROM orders.customer)
]
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ShopDatabase]:
    with TemporaryDirectory(prefix="afloat-") as folder, shop_database(Path(folder) / "pg") as started:
        yield started


@pytest.fixture
async def empty(server: ShopDatabase) -> ShopDatabase:
    """An empty database without any service's role. All tests share the server, which takes seconds to start."""
    admin = await asyncpg.connect(server.url().replace("/afloat?", "/postgres?"))
    try:
        await admin.execute("DROP DATABASE afloat WITH (FORCE)")
        for role in await admin.fetch("SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)'"):
            await admin.execute(f'DROP ROLE "{role["rolname"]}"')
        await admin.execute("CREATE DATABASE afloat")
    finally:
        await admin.close()
    return server


async def migrate(database: ShopDatabase, **settings: str) -> tuple[int, str]:
    """Run the job; its exit code and what it printed."""
    urls = {f"AFLOAT_{service.upper()}_DATABASE_URL": database.url(service) for service in SERVICES}
    environment = {**os.environ, **_COUNTS, **urls, "AFLOAT_ADMIN_DATABASE_URL": database.url(), **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.migrate"), env=environment, stdout=-1, stderr=asyncio.subprocess.STDOUT
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def counts(database: ShopDatabase) -> list[int]:
    return list((await database.execute(_COUNT))[0][0])


async def test_it_fills_an_empty_database_and_changes_nothing_the_second_time(empty: ShopDatabase) -> None:
    assert (await migrate(empty))[0] == 0
    assert await counts(empty) == [200, 50, 30, 200, 50]
    before = await empty.execute("SELECT sum(hashtext(p::text)) FROM products.product p")

    assert (await migrate(empty))[0] == 0

    assert await counts(empty) == [200, 50, 30, 200, 50]
    assert await empty.execute("SELECT sum(hashtext(p::text)) FROM products.product p") == before


async def test_it_needs_no_superuser_and_no_password_in_its_own_url(empty: ShopDatabase) -> None:
    """Such an administrator is what a hosted PostgreSQL (RDS) gives; its password comes as libpq's PGPASSWORD."""
    await empty.execute("CREATE ROLE administrator LOGIN CREATEDB CREATEROLE")
    await empty.execute("ALTER DATABASE afloat OWNER TO administrator")
    url = empty.url("administrator").replace(":secret@", "@")

    for _ in range(2):
        code, printed = await migrate(empty, AFLOAT_ADMIN_DATABASE_URL=url, PGPASSWORD="secret")
        assert code == 0, printed

    assert await counts(empty) == [200, 50, 30, 200, 50]


async def test_a_larger_count_adds_products_and_updates_the_read_model_of_orders(empty: ShopDatabase) -> None:
    await migrate(empty)

    assert (await migrate(empty, AFLOAT_PRODUCTS_COUNT="300"))[0] == 0

    assert await counts(empty) == [300, 50, 30, 300, 50]


async def test_what_a_service_hides_in_its_tables_never_runs_as_the_superuser(empty: ShopDatabase) -> None:
    await migrate(empty)
    await empty.run(
        """
        CREATE FUNCTION orders.grab() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN ALTER ROLE orders SUPERUSER; RETURN NEW; END $$;
        CREATE TRIGGER grab BEFORE INSERT ON orders.customer FOR EACH ROW EXECUTE FUNCTION orders.grab();
        """,
        role="orders",
    )

    code, printed = await migrate(empty, AFLOAT_CUSTOMERS_COUNT="60")

    assert code == 1
    assert "permission denied" in printed
    assert not (await empty.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'orders'"))[0][0]


async def test_a_new_password_takes_the_place_of_the_old_one(empty: ShopDatabase) -> None:
    await migrate(empty)
    before = await empty.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolname = 'orders'")

    await migrate(empty, AFLOAT_ORDERS_DATABASE_URL=empty.url("orders").replace(":secret@", ":other@"))

    assert await empty.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolname = 'orders'") != before


async def test_a_url_that_names_another_role_is_refused(empty: ShopDatabase) -> None:
    code, printed = await migrate(empty, AFLOAT_ORDERS_DATABASE_URL=empty.url("products"))

    assert code == 1
    assert "has the role 'products'. Use the role 'orders'" in printed


async def test_a_database_that_never_answers_is_said_to_be_away(empty: ShopDatabase) -> None:
    nobody = "postgresql://postgres:secret@127.0.0.1:1/afloat"

    code, printed = await migrate(empty, AFLOAT_ADMIN_DATABASE_URL=nobody, AFLOAT_WAIT_FOR_DATABASE_S="0.3")

    assert code == 1
    assert "PostgreSQL did not answer within 0.3 s" in printed
    assert "Traceback" not in printed
