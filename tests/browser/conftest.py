"""One Chromium and one stage for all browser tests; each test gets a window of its own and a stack in good health."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize, async_playwright, expect

from services.dashboard.document import PATTERNS
from tests.browser.chromium import executable
from tests.browser.stage import TOKEN, Stage, stage
from tests.browser.times import times_of

PATIENCE_MS = 20_000
# A busy machine may itself be what opens a breaker, and breakers take their time to close.
_CALM_S = 60
_VISITORS = 10
DESKTOP = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = executable()
    async with async_playwright() as playwright:
        # Its sandbox does not work for root, and it opens nothing but our own page.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def the_stage(browser: Browser) -> AsyncIterator[Stage]:
    expect.set_options(timeout=PATIENCE_MS)
    async with stage(poll_interval_s=0.5, poll_timeout_s=5, visitors_rate=_VISITORS) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def opened(the_stage: Stage) -> Stage:
    """Every replica is ready, no fault is on, every pattern works, and visitors are answered, whatever was before."""

    def is_ready(state: Any) -> bool:
        return len(state["replicas"]) == 7 and all(each["state"] == "ready" for each in state["replicas"])

    def is_calm(state: Any) -> bool:
        return is_ready(state) and state["verdict"]["status"] == "healthy"

    async def becomes(condition: Callable[[Any], bool]) -> None:
        async with asyncio.timeout(_CALM_S):
            while not condition((await http.get("/control/state")).json()):
                await asyncio.sleep(0.1)

    if not the_stage.dashboard.is_up:
        await the_stage.start_dashboard_anew()
    await the_stage.shop.revive()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=the_stage.dashboard.url, headers=headers, timeout=10) as http:
        # A dashboard that has just started knows nobody whom it could tell.
        await becomes(is_ready)
        (await http.delete("/control/faults")).raise_for_status()
        (await http.put("/control/patterns", json=dict.fromkeys(PATTERNS, True))).raise_for_status()
        (await http.put("/control/visitors", json={"rate": _VISITORS})).raise_for_status()
        await becomes(is_calm)
    return the_stage


class Windows:
    """Opens windows, and gathers what went wrong in them."""

    def __init__(self, browser: Browser, opened: Stage) -> None:
        self._browser = browser
        self._stage = opened
        self.wrong: list[str] = []

    async def open(
        self, *, token: bool = True, dark: bool = False, size: ViewportSize = DESKTOP, address: str | None = None
    ) -> Page:
        context = await self._browser.new_context(viewport=size, color_scheme="dark" if dark else "light")
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", self._listen)
        await page.goto(address or (self._stage.address if token else self._stage.dashboard.url))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # That a request was refused is what some tests are about; that a policy was broken is never meant.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.wrong.append(message.text)

    async def close(self) -> None:
        for context in self._browser.contexts:
            await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser, opened: Stage) -> AsyncIterator[Windows]:
    windows = Windows(browser, opened)
    yield windows
    await windows.close()
    assert windows.wrong == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(windows: Windows) -> Page:
    """The page as whoever followed the printed address sees it."""
    return await windows.open()


Timed = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def timed(request: pytest.FixtureRequest, testrun_uid: str) -> Timed:
    """Measures what it is around, and says so: a bound in seconds would be the machine's."""

    @contextmanager
    def measure(what: str) -> Iterator[None]:
        began_s = perf_counter()
        yield
        said = f"{what}: {perf_counter() - began_s:.2f} s"
        request.node.add_report_section("call", "times", said)
        with times_of(testrun_uid, request.config.rootpath / ".ci" / "pictures").open("a") as times:
            times.write(said + "\n")

    return measure


Where = Callable[[str], str]


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Where:
    """Where a picture goes that is kept with the results of the run."""
    folder = request.config.rootpath / ".ci" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: str(folder / f"{name}.png")
