"""What the load balancer lets through to the dashboard, and what it leaves as it is there and nowhere else."""

import pytest

from tests.lb.conftest import OpenShop

SHOWN = ("/", "/?token=abc", "/control/assets/main.js", "/control/state", "/control/events", "/control/session")
CHANGED = (
    ("PUT", "/control/patterns"),
    ("PUT", "/control/faults/products-2"),
    ("DELETE", "/control/faults/products"),
    ("DELETE", "/control/faults"),
    ("PUT", "/control/visitors"),
    ("PUT", "/control/show"),
    ("DELETE", "/control/show"),
    ("DELETE", "/control/downtime"),
    ("PUT", "/control/session"),
)


async def test_the_page_and_every_control_reach_the_dashboard_as_they_were_sent(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, dashboards=1)
    for path in SHOWN:
        assert (await shop.lb.target(path)).served_by == "dashboard-1"
    for method, path in CHANGED:
        assert (await shop.lb.ask(method, path)).served_by == "dashboard-1"
    asked = [(request.method, request.target) for request in shop.received]
    assert asked == [*(("GET", path) for path in SHOWN), *CHANGED]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/", "GET, HEAD"),
        ("POST", "/control/patterns", "GET, HEAD, PUT, DELETE"),
        ("DELETE", "/control/events", "GET"),
        ("DELETE", "/control/assets/main.js", "GET, HEAD"),
    ],
)
async def test_other_methods_are_refused(open_shop: OpenShop, method: str, path: str, allow: str) -> None:
    shop = await open_shop(products=0, dashboards=1)
    refused = await shop.lb.ask(method, path)
    assert (refused.problem()["status"], refused.headers["Allow"]) == (405, allow)
    assert shop.received == []


async def test_the_dashboard_hears_the_host_with_its_port_and_a_service_does_not(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, dashboards=1)
    for path in ("/control/state", "/products/42"):
        await shop.lb.raw(f"GET {path} HTTP/1.1\r\nHost: shop:8080\r\nConnection: close\r\n\r\n".encode())
    assert [request.headers["host"] for request in shop.received] == ["shop", "shop:8080"]


async def test_the_dashboard_hears_the_host_that_the_target_names_whatever_the_header_says(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, dashboards=1)
    for path in ("/", "/?token=abc", "/control/state", "/control/events"):
        request = f"GET http://evil.example{path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: close\r\n\r\n"
        await shop.lb.raw(request.encode())
    assert [request.headers["host"] for request in shop.received] == ["evil.example"] * 4


async def test_only_the_dashboard_may_set_a_cookie(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, dashboards=1)
    for replica in (*shop.products, *shop.dashboards):
        replica.headers = {"Set-Cookie": "a=b"}
    assert (await shop.lb.target("/?token=abc")).headers["Set-Cookie"] == "a=b"
    assert "Set-Cookie" not in (await shop.lb.target("/products/42")).headers


async def test_without_a_dashboard_its_absence_is_named(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    problem = (await shop.lb.target("/control/state")).problem()
    assert (problem["status"], problem["dependency"]) == (502, "dashboard")


async def test_the_gateway_s_port_does_not_lead_to_the_dashboard(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, dashboards=1)
    for path in SHOWN:
        assert (await shop.lb.target(path, internal=True)).problem()["status"] == 404
    assert shop.received == []


@pytest.mark.parametrize("target", ["/?token=SECRET", "/?x=1&token=SECRET", "/?%74oken=SECRET"])
async def test_the_token_of_the_printed_address_is_in_no_log_even_while_the_dashboard_is_away(
    open_shop: OpenShop, target: str
) -> None:
    shop = await open_shop(products=0, dashboards=1)
    assert (await shop.lb.target(target)).served_by == "dashboard-1"
    await shop.dashboards[0].kill()
    assert (await shop.lb.target(target)).problem()["dependency"] == "dashboard"
    assert (await shop.lb.ask("PUT", "/?token=SECRET")).problem()["status"] == 405
    lines = await shop.lb.log(lines=3)
    assert [(line["uri"], line["status"]) for line in lines] == [("/?...", 200), ("/?...", 502), ("/?...", 405)]
    for log in ("access.log", "error.log"):
        assert "SECRET" not in (shop.lb.folder / log).read_text()
