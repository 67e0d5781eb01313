"""Take the README's pictures of the page from the stack that runs: `python -m tests.browser.pictures [FOLDER]`.

All is well; then *Show the failure* is pressed, near its end the patterns are still off; at last they are on again.
"""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import ViewportSize, async_playwright

from services.dashboard.show import UNPROTECTED_S
from stack import running_runtime
from stack.settings import ROOT, StackSettings
from tests.browser.chromium import find

_SIZE = ViewportSize(width=1440, height=900)
# As long as the page's time axis: nothing of the start is in the picture.
_CALM_S = 120.0
# The failure has come to its worst, and goes on.
_LEFT_S = 4.0
# The breakers have opened, and the fault is still on.
_HELD_S = 20.0
_GIVE_UP_S = 3 * _CALM_S


async def take(url: str, token: str, chromium: str, folder: Path) -> None:
    """healthy.png, failing.png and holding.png."""
    async with async_playwright() as playwright, httpx.AsyncClient(base_url=url, timeout=10) as http:

        async def until(what: str, condition: Callable[[Any], bool]) -> None:
            print(f"Waiting until {what}", flush=True)
            async with asyncio.timeout(_GIVE_UP_S):
                while not condition((await http.get("/control/state")).json()):
                    await asyncio.sleep(0.2)

        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport=_SIZE)
        await page.goto(f"{url}/?token={token}")
        await until("all is well", lambda state: state["verdict"]["status"] == "healthy")
        await asyncio.sleep(_CALM_S)
        await until("all is well", lambda state: state["verdict"]["status"] == "healthy")
        await page.screenshot(path=folder / "healthy.png")
        await page.get_by_role("button", name="Show the failure").click()
        await until("the show nearly ends", lambda state: (state["show_left_s"] or UNPROTECTED_S) < _LEFT_S)
        await page.screenshot(path=folder / "failing.png")
        await until("the patterns are on", lambda state: state["show_left_s"] is None)
        await asyncio.sleep(_HELD_S)
        await page.screenshot(path=folder / "holding.png")
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "pictures")
    folder = parser.parse_args().folder
    chromium = find()
    if chromium is None:
        raise SystemExit("No Chromium is installed: on Debian and Ubuntu, apt install chromium")
    status = running_runtime(StackSettings.load()).status()
    asyncio.run(take(status.url, status.control_token, chromium, folder))


if __name__ == "__main__":
    main()
