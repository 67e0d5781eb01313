"""How the page looks: what axe finds, what fits, and the pictures."""

import re
from typing import Any

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize, expect

from services.dashboard.document import PATTERNS
from tests.browser.conftest import DESKTOP, PHONE, Where, Windows
from tests.browser.stage import TOKEN, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

WINDOWS = [("light", DESKTOP), ("dark", DESKTOP), ("phone", PHONE)]


async def serious(page: Page) -> list[Any]:
    """What axe calls serious or critical."""
    found = await Axe().run(page)
    return [
        {"rule": each["id"], "where": [node["html"][:200] for node in each["nodes"]]}
        for each in found.response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("name", "size"), WINDOWS, ids=[name for name, _ in WINDOWS])
async def test_axe_finds_nothing_serious_while_one_service_fails_and_the_page_is_as_wide_as_the_window(
    windows: Windows, pictures: Where, name: str, size: ViewportSize
) -> None:
    page = await windows.open(dark=name == "dark", size=size)
    await expect(page.locator("#age")).to_contain_text("Live")
    await page.screenshot(path=pictures(f"{name}-healthy"), full_page=name == "phone")
    assert await serious(page) == []
    await page.get_by_label("Target").select_option("customers")
    await page.get_by_role("radio", name="Errors").check()
    await page.get_by_role("button", name="Inject").click()
    await expect(page.locator('[data-breaker="customers"] b')).to_have_text(re.compile("OPEN"))
    await page.screenshot(path=pictures(f"{name}-holding"), full_page=name == "phone")
    assert await serious(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize(("name", "size"), WINDOWS, ids=[name for name, _ in WINDOWS])
async def test_axe_finds_nothing_serious_while_patterns_are_off_and_then_while_no_news_come(
    windows: Windows, opened: Stage, pictures: Where, name: str, size: ViewportSize
) -> None:
    page = await windows.open(dark=name == "dark", size=size)
    async with httpx.AsyncClient(base_url=opened.dashboard.url, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
        await http.put("/control/patterns", json=dict.fromkeys(PATTERNS, False))
        await http.put("/control/faults/customers", json={"kind": "hang", "for_s": 60})
    await expect(page.locator("#verdict")).to_have_attribute("data-status", re.compile("failing|down"))
    await page.screenshot(path=pictures(f"{name}-failing"), full_page=name == "phone")
    assert await serious(page) == []
    await opened.dashboard.stop()
    await expect(page.locator("#verdict")).to_contain_text("No news")
    await page.screenshot(path=pictures(f"{name}-stale"), full_page=name == "phone")
    found = await serious(page)
    await opened.start_dashboard_anew()
    assert found == []
    await expect(page.locator("#age")).to_contain_text("Live")


async def test_axe_finds_nothing_serious_for_whoever_has_no_token(windows: Windows, pictures: Where) -> None:
    page = await windows.open(token=False)
    await expect(page.get_by_label("Control token")).to_be_visible()
    await expect(page.locator("#age")).to_contain_text("Live")
    await page.screenshot(path=pictures("light-watching"))
    assert await serious(page) == []


async def test_the_essentials_fit_on_one_screen(windows: Windows) -> None:
    page = await windows.open()
    await expect(page.locator("#age")).to_contain_text("Live")
    for essential in ("#verdict", "#failover", "#isolation", "#timeline", "#patterns", "#faults"):
        box = await page.locator(essential).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= DESKTOP["height"], essential


async def test_who_wants_less_motion_gets_none(windows: Windows) -> None:
    page = await windows.open()
    await page.emulate_media(reduced_motion="reduce")
    moves = "(each) => getComputedStyle(each).transitionDuration !== '0s'"
    assert await page.evaluate(f"[...document.querySelectorAll('*')].filter({moves}).length") == 0


async def test_the_choice_of_light_or_dark_is_kept(windows: Windows) -> None:
    page = await windows.open(dark=True)
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name="Light").click()
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "light")
