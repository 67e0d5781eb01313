"""The dashboard's app without its watch: what needs no stack to be tested."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from services.dashboard.app import build
from services.dashboard.settings import DashboardSettings

TOKEN = "a-token-for-tests-only"  # noqa: S105
HOST = "127.0.0.1:8080"


@pytest.fixture(scope="session")
def dashboard() -> FastAPI:
    settings = DashboardSettings(replica="dashboard-1", control_token=TOKEN, dashboard_hosts="shop.example")
    return build(settings)


@pytest.fixture
async def browser(dashboard: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client with a cookie jar, as a browser without a token."""
    transport = httpx.ASGITransport(dashboard)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
        yield client
