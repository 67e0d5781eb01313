"""The interactive documentation of the gateway, as a reader sees it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Where, Windows
from tests.browser.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_documentation_shows_every_operation_and_loads_nothing_from_another_host(
    windows: Windows, opened: Stage, pictures: Where
) -> None:
    gateway = opened.shop.replicas["gateway-1"].url
    page = await windows.open(address="about:blank")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    await page.goto(f"{gateway}/api/docs")
    await expect(page.locator(".opblock")).to_have_count(7)
    await page.locator("#operations-orders-place_order_api_orders_post .opblock-summary").click()
    await expect(page.locator(".opblock-description").first).to_contain_text("Place an order")
    await page.get_by_role("button", name="Try it out").click()
    await expect(page.get_by_placeholder("Idempotency-Key")).to_have_value(re.compile("^[0-9a-f-]{36}$"))
    await page.screenshot(path=pictures("documentation"), full_page=True)
    places = {urlsplit(url).netloc for url in requested if not url.startswith("data:")}
    assert places == {urlsplit(gateway).netloc}
