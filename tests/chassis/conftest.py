"""What the chassis' tests share: the log, and a PostgreSQL."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog.testing
from structlog.typing import EventDict

from tests.chassis.postgres import Postgres


@pytest.fixture(autouse=True)
def log() -> Iterator[list[EventDict]]:
    """What a test makes the chassis log."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    # Not in pytest's own folder: it is closed to others, and a server that root starts runs as somebody else.
    with tempfile.TemporaryDirectory(prefix="afloat-") as folder:
        started = Postgres(Path(folder) / "postgres")
        yield started
        started.close()


@pytest.fixture
def postgres(server: Postgres) -> Iterator[Postgres]:
    """The server, running, whatever a test does to it."""
    yield server
    server.thaw()
    server.start()
