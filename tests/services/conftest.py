"""One PostgreSQL for all services' tests, each schema migrated."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.services.database import ShopDatabase, shop_database


@pytest.fixture(scope="session")
def database() -> Iterator[ShopDatabase]:
    # Not tmp_path: PostgreSQL's socket lies in the folder, and a socket's path may have 107 bytes.
    with TemporaryDirectory(prefix="afloat-") as folder, shop_database(Path(folder) / "pg") as started:
        asyncio.run(started.migrate())
        yield started
