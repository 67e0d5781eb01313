"""The dashboard over the shop, to look at: `python -m tests.browser.stage ` and the printed address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from services.dashboard.app import build
from services.dashboard.settings import DashboardSettings
from tests.browser.servers import Served
from tests.browser.shop import Shop

TOKEN = "a-token-for-tests-only"  # noqa: S105


class Stage:
    """A shop and a dashboard that watches it."""

    def __init__(self, shop: Shop, **settings: object) -> None:
        self.shop = shop
        given = {"replica": "dashboard-1", "topology_file": str(shop.topology), "control_token": TOKEN}
        # A command is not given up because the machine is slow: the page does not repeat it.
        patient = {"request_timeout_s": 60}
        self._settings = DashboardSettings.model_validate(given | patient | settings)
        self.dashboard = Served(build(self._settings))

    @property
    def address(self) -> str:
        """With the token, as it is printed at the start."""
        return f"{self.dashboard.url}/?token={TOKEN}"

    async def start_dashboard_anew(self) -> None:
        """As a new process on the old port: it knows nothing of before."""
        self.dashboard.app = build(self._settings)
        await self.dashboard.start()


@asynccontextmanager
async def stage(**settings: object) -> AsyncIterator[Stage]:
    with TemporaryDirectory(prefix="afloat-stage-") as folder:
        async with Shop(Path(folder), restart_after_s=4).open() as shop:
            opened = Stage(shop, **settings)
            await opened.dashboard.start()
            try:
                yield opened
            finally:
                await opened.dashboard.stop()
                opened.dashboard.let_go()


async def _play() -> None:
    async with stage() as opened:
        print(opened.address, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_play())
