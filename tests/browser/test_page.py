"""The page in a real browser, over a real gateway: seen to break, and seen to hold."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, Route, expect

from services.dashboard.app import build
from services.dashboard.settings import DashboardSettings
from tests.browser.conftest import Timed, Windows
from tests.browser.servers import Served
from tests.browser.stage import TOKEN, Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALL_PATTERNS = 6


async def status_is(page: Page, *statuses: str) -> None:
    await expect(page.locator("#verdict")).to_have_attribute("data-status", re.compile("|".join(statuses)))


async def inject(page: Page, target: str, kind: str) -> None:
    """As a user does: by the form."""
    await page.get_by_label("Target").select_option(target)
    await page.get_by_role("radio", name=kind).check()
    await page.get_by_role("button", name="Inject").click()


async def test_the_page_is_alive_at_once(windows: Windows, timed: Timed) -> None:
    with timed("the page is alive (goal 2 s)"):
        page = await windows.open()
        await expect(page.locator("#age")).to_contain_text("Live")
        await status_is(page, "healthy")
    await expect(page).to_have_title("All is well · Afloat")
    await expect(page.locator(".figures dd").first).to_have_text(re.compile(r"\d"))
    await expect(page.locator("[data-breaker] b")).to_have_text(["CLOSED"] * 3)
    assert "token" not in page.url


async def test_a_killed_replica_s_row_says_so_and_its_traffic_moves(page: Page, opened: Stage, timed: Timed) -> None:
    row = page.locator('[data-replica="products-2"]')
    others = [page.locator(f'[data-replica="products-{number}"]') for number in (1, 3)]
    await expect(row).to_contain_text("Ready")
    for other in others:
        await expect(other).to_contain_text(re.compile(r"(?<!\d)[23]\d %"))
    await opened.shop.replicas["products-2"].kill()
    with timed("a killed replica's row says so (goal 2 s)"):
        await expect(row).to_contain_text(re.compile(r"Down \d"))
    await expect(row).to_contain_text(re.compile(r"(?<!\d)0 %"))
    for other in others:
        await expect(other).to_contain_text(re.compile(r"(?<!\d)[456]\d %"))
    await status_is(page, "degraded")
    await expect(page.locator("#verdict")).to_contain_text("products-2 is down")
    await expect(page.locator("#log")).to_contain_text("products-2 went down.")
    await opened.shop.replicas["products-2"].start()
    await expect(row).to_contain_text("Ready")


async def test_visitors_tell_who_served_them_whatever_the_replicas_say(page: Page, opened: Stage) -> None:
    served = page.locator("#served")
    await expect(served).to_have_text(re.compile(r"served by products-1 \d+ %, products-2 \d+ %, products-3 \d+ %$"))
    await opened.shop.replicas["products-2"].kill()
    # Of the two that are left one may get all of them: the gateway's calls take turns with the visitors' own.
    await expect(served).to_have_text(re.compile(r"served by products-[13] \d+ %(, products-3 \d+ %)?$"))
    await opened.shop.replicas["products-2"].start()


async def test_the_whole_story_the_patterns_hold_then_they_are_off_then_all_is_cleared(page: Page) -> None:
    await inject(page, "products", "Slow")
    await expect(page.locator('[data-breaker="products"] b')).to_have_text("OPEN")
    for spared in ("customers", "orders"):
        await expect(page.locator(f'[data-service="{spared}"]')).to_contain_text("all answered")
        await expect(page.locator(f'[data-breaker="{spared}"] b')).to_have_text("CLOSED")
    await expect(page.get_by_label("Faults that are on")).to_contain_text("products: slow")

    await page.get_by_role("button", name="Show the failure").click()
    await expect(page.get_by_role("switch", checked=False)).to_have_count(ALL_PATTERNS)
    await expect(page.locator("[data-breaker] b")).to_have_text(["NOT WATCHING"] * 3)
    await status_is(page, "failing", "down")
    await expect(page.locator("#isolation")).to_contain_text("One pool:")

    await page.get_by_role("button", name="Clear all faults").click()
    await expect(page.get_by_role("switch", checked=True)).to_have_count(ALL_PATTERNS)
    await status_is(page, "healthy")


async def test_a_replica_s_fault_is_not_called_the_service_s(page: Page) -> None:
    card, active = page.locator('[data-service="products"]'), page.get_by_label("Faults that are on")
    await inject(page, "products-2", "Grey")
    await expect(card).to_contain_text("1 of 3 struck")
    await inject(page, "products-2", "Slow")
    await expect(active).to_contain_text("products-2: grey failure, slow")
    await page.get_by_role("button", name="Stop the faults of products-2").click()
    await expect(active).to_be_empty()
    await expect(card).to_contain_text("3 of 3 ready")


async def test_a_replica_that_is_gone_is_not_counted_among_those_that_a_fault_can_strike(page: Page) -> None:
    said = await page.evaluate(
        """async () => {
            const { service } = await import("/control/assets/service.js");
            const { element, show } = service("products", 0);
            const journey = { answered: 5, stale: 0, failed: 0, p99_ms: 5 };
            const of = (number, state) => ({ name: `products-${number}`, service: "products", state });
            const fault = (number) => ({
                target: `products-${number}`, service: "products", kind: "error", left_s: 20, settings: {} });
            const word = (replicas, faults) => {
                show({ replicas, faults, visitors: { journeys: { products: journey } } });
                return element.querySelector(".status").textContent;
            };
            const scaled = [of(1, "ready"), of(2, "ready"), of(3, "gone")];
            return [word(scaled, [fault(1), fault(2)]), word(scaled, [fault(1)]), word(scaled, [])];
        }"""
    )
    assert said == ["Errors, 20 s", "1 of 2 struck", "2 of 3 ready"]


async def test_only_a_new_verdict_is_spoken_and_not_its_seconds(page: Page) -> None:
    # Slow, and not so slow that visitors leave: their failures would be another verdict.
    await page.get_by_label("Strength").select_option("+300 ms")
    await inject(page, "products-2", "Slow")
    await expect(page.locator("#verdict")).to_contain_text("products-2 is slow")
    spoken = page.locator("#verdict").locator("[role=status], [aria-live]")
    await expect(spoken).to_have_text(["Degraded, still serving"])


async def test_a_bulkhead_s_slots_are_drawn_and_those_who_wait(page: Page) -> None:
    drawn = await page.evaluate(
        """async () => {
            const { bulkhead } = await import("/control/assets/bulkhead.js");
            const { element, show } = bulkhead("orders", 0);
            const kinds = () => [...element.querySelectorAll(".slots i")].map((cell) => cell.className);
            show({ limit: 3, in_use: 2, queued: 0 }, "ok", 1);
            const before = kinds();
            show({ limit: 3, in_use: 3, queued: 2 }, "ok", 1);
            const after = kinds();
            const words = element.textContent;
            show({ limit: 1e9, in_use: 1e9, queued: 1e6 }, "ok", 1);
            return [before, after, words, kinds().length];
        }"""
    )
    assert drawn == [["used", "used", ""], ["used"] * 3 + ["waiting"] * 2, "3 of 3, 2 waiting", 225]


async def test_the_strip_of_a_breaker_through_which_nothing_goes_is_not_that_of_one_that_holds(page: Page) -> None:
    drawn = await page.evaluate(
        """async () => {
            const { strips } = await import("/control/assets/strips.js");
            const point = (at, orders) => ({ at, patterns: "on", circuits: { orders }, replicas: {} });
            const [, orders] = strips([point(1, "closed"), point(2, "idle")]);
            const shown = orders({ x: (at) => 100 * at }, 0, 12);
            return shown.map((each) => [each.getAttribute("class"), each.textContent]);
        }"""
    )
    assert drawn == [[None, "Orders breaker"], ["strip ok", ""], ["strip idle", ""], ["idle", "no calls"]]


async def five_seconds_of_history(page: Page) -> None:
    """The stage may have only just begun."""
    await expect(page.locator("#timeline path.answered")).to_have_attribute("d", re.compile(r"(M[^M]+){5}"))


async def test_the_timeline_is_read_with_the_keyboard(page: Page) -> None:
    timeline = page.get_by_role("slider", name="The last two minutes")
    # Whoever is there before the first news is told it as well.
    await timeline.focus()
    await expect(timeline).to_have_attribute("aria-valuetext", re.compile(r"^now: \d+ answered"))
    await five_seconds_of_history(page)
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("ArrowLeft")
    await expect(timeline).to_have_attribute("aria-valuetext", re.compile(r"^\d+ s ago: \d+ answered"))
    await page.keyboard.press("End")
    await expect(timeline).to_have_attribute("aria-valuetext", re.compile(r"^now: \d+ answered"))


async def test_a_stream_that_dies_without_a_word_is_opened_again(page: Page) -> None:
    await expect(page.locator("#age")).to_contain_text("Live")
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if "events" in request.url else None)
    # A stream that answers and then says nothing, as one does whose other end has gone.
    await page.add_init_script(
        """const Real = EventSource;
        window.EventSource = class { constructor() {
            window.EventSource = Real; this.readyState = 1; } addEventListener() {} close() {} };"""
    )
    await page.reload()
    await expect(page.locator("#age")).to_contain_text("Live")
    assert len(opened) == 1


async def test_old_data_are_called_old_however_often_they_are_sent(page: Page, opened: Stage) -> None:
    await expect(page.locator("#age")).to_contain_text("Live")
    async with httpx.AsyncClient(base_url=opened.dashboard.url) as http:
        state = (await http.get("/control/state")).text
    sent = 0

    async def send_the_same(route: Route) -> None:
        nonlocal sent
        sent += 1
        body = f"retry: 100\n\nevent: age\ndata: 61.5\n\nevent: state\ndata: {state}\n\n"
        await route.fulfill(content_type="text/event-stream", body=body)

    await page.route("**/control/events", send_the_same)
    await page.reload()
    await expect(page.locator("#age")).to_have_text(re.compile(r"^Stale, 6\d s old$"))
    await expect(page.locator("#verdict")).to_contain_text("No news")
    assert sent >= 1


async def test_a_pattern_is_switched_with_the_keyboard(page: Page) -> None:
    switch = page.get_by_role("switch", name="Retries")
    await switch.focus()
    await page.keyboard.press("Space")
    await expect(switch).to_have_attribute("aria-checked", "false")
    await status_is(page, "unprotected", "degraded")
    await page.keyboard.press("Enter")
    await expect(switch).to_have_attribute("aria-checked", "true")


async def test_a_reload_loses_nothing(page: Page) -> None:
    async def bars() -> int:
        return (await page.locator("#timeline path.answered").get_attribute("d") or "").count("M")

    await five_seconds_of_history(page)
    entries = await page.locator("#log li").count()
    await page.reload()
    await expect(page.locator("#timeline path.answered")).to_have_attribute("d", re.compile(r"M"))
    assert await bars() >= 5
    assert await page.locator("#log li").count() >= entries


async def test_without_the_token_one_can_watch_and_change_nothing(windows: Windows) -> None:
    page = await windows.open(token=False)
    await status_is(page, "healthy")
    for control in await page.locator("[data-change]").all():
        await expect(control).to_be_disabled()
    forged = (
        "fetch('/control/patterns', {method: 'PUT', body: '{\"timeouts\": false}'}).then((answer) => answer.status)"
    )
    assert await page.evaluate(forged) == 401

    await page.get_by_label("Control token").fill("not-the-token-at-all")
    await page.get_by_role("button", name="Unlock").click()
    await expect(page.locator("#toast")).to_contain_text("not the control token")
    await page.get_by_label("Control token").fill(TOKEN)
    await page.get_by_role("button", name="Unlock").click()
    await expect(page.get_by_role("button", name="Inject")).to_be_enabled()


async def test_another_site_in_the_same_browser_can_see_and_change_nothing(page: Page, opened: Stage) -> None:
    async def resets() -> int:
        log = (await (await page.request.get(f"{opened.dashboard.url}/control/state")).json())["log"]
        return [entry["text"] for entry in log].count("You set the downtime to zero.")

    before = await resets()
    stranger = await page.context.new_page()
    # Another port of this host: the cookie comes along, and only where it is from tells.
    await stranger.goto(opened.shop.balancer.url + "/healthz")
    # The browser asks nobody before it sends this one.
    async with stranger.expect_response("**/control/state") as answer:
        await stranger.evaluate(
            "(url) => fetch(url, {mode: 'no-cors', credentials: 'include'})", f"{opened.dashboard.url}/control/state"
        )
    assert (await answer.value).status == 403
    attack = "(url) => fetch(url, {method: 'DELETE', credentials: 'include'}).then(() => 'done', () => 'refused')"
    assert await stranger.evaluate(attack, f"{opened.dashboard.url}/control/downtime") == "refused"
    assert await resets() == before


async def test_a_dashboard_that_starts_in_an_outage_says_that_its_visitors_wait(
    windows: Windows, tmp_path: Path
) -> None:
    served = Served(build(DashboardSettings(topology_file=str(tmp_path / "none.json"))))
    await served.start()
    try:
        page = await windows.open(address=served.url)
        await status_is(page, "opening")
        await expect(page.locator("#verdict")).to_contain_text("Not open yet")
        await expect(page.locator("#load")).to_contain_text("Visitors wait")
    finally:
        await served.stop()
        served.let_go()


async def test_the_page_outlives_a_restart_of_the_dashboard(page: Page, opened: Stage) -> None:
    await status_is(page, "healthy")
    await opened.dashboard.stop()
    await expect(page.locator("#age")).to_contain_text("Stale")
    await expect(page.locator("#verdict")).to_contain_text("No news")
    await opened.start_dashboard_anew()
    await expect(page.locator("#age")).to_contain_text("Live")
    await status_is(page, "healthy")
    await page.get_by_role("button", name="Set the downtime to zero").click()
    await expect(page.locator("#log")).to_contain_text("You set the downtime to zero.")


async def test_the_page_outlives_a_restart_of_the_gateway(page: Page, opened: Stage) -> None:
    await expect(page.locator("#isolation")).to_contain_text("gateway-1")
    await opened.shop.replicas["gateway-1"].kill()
    await status_is(page, "failing", "down")
    await expect(page.locator("#verdict")).to_contain_text("gateway-1 is down")
    await expect(page.locator("[data-breaker] b")).to_have_text(["UNKNOWN"] * 3)
    await opened.shop.replicas["gateway-1"].start()
    await status_is(page, "healthy")


async def test_without_visitors_nothing_is_called_well(page: Page) -> None:
    await page.get_by_role("button", name="Stop").click()
    await status_is(page, "unwatched")
    await expect(page.locator("[data-service]").first).to_contain_text("nobody asked")
    await page.get_by_role("button", name="Let them in").click()
    await status_is(page, "healthy")
