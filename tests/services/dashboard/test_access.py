"""Who may see the page, and who may change things."""

from pathlib import Path

import httpx
import pytest

from services.dashboard.app import build
from services.dashboard.settings import DashboardSettings
from tests.chassis.client import connected
from tests.chassis.collector import collecting
from tests.services.dashboard.conftest import HOST, TOKEN

OWN = {"Origin": f"http://{HOST}"}
BEARER = {"Authorization": f"Bearer {TOKEN}"}
# Every way in which the control plane changes something; none of these would find anything to change.
CHANGES = [
    ("PUT", "/control/patterns", {"timeouts": False}),
    ("PUT", "/control/faults/customers", {"kind": "hang", "for_s": 5}),
    ("DELETE", "/control/faults/customers", None),
    ("DELETE", "/control/faults", None),
    ("PUT", "/control/visitors", {"rate": 0}),
    ("PUT", "/control/show", None),
    ("DELETE", "/control/show", None),
    ("DELETE", "/control/downtime", None),
    ("PUT", "/control/session", None),
]


async def reset(browser: httpx.AsyncClient, **headers: str) -> int:
    """The status of a change that needs no stack."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (await browser.delete("/control/downtime", headers=named)).status_code


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize("token", ["", "wrong-token-of-some-length", TOKEN[:-1], TOKEN + "x"])
async def test_without_the_token_nothing_can_be_changed(
    browser: httpx.AsyncClient, method: str, path: str, body: object, token: str
) -> None:
    headers = OWN | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = await browser.request(method, path, json=body, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401
    assert "afloat-control" not in answer.headers.get("set-cookie", "")


async def test_curl_changes_things_with_a_bearer_and_nothing_else(browser: httpx.AsyncClient) -> None:
    assert await reset(browser, **BEARER) == 200


async def test_the_printed_address_gives_a_cookie_and_goes_on_without_the_token(browser: httpx.AsyncClient) -> None:
    entered = await browser.get(f"/?token={TOKEN}")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/")
    assert (entered.headers["Cache-Control"], entered.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    cookie = entered.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert TOKEN not in cookie
    assert await reset(browser, **OWN) == 200


async def test_a_wrong_token_in_the_address_gives_nothing(browser: httpx.AsyncClient) -> None:
    entered = await browser.get("/?token=wrong")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/")
    assert "Set-Cookie" not in entered.headers
    assert (await browser.get("/control/session")).json() == {"may_change": False}


async def test_the_token_entered_on_the_page_gives_the_cookie_too(browser: httpx.AsyncClient) -> None:
    assert (await browser.put("/control/session", headers=OWN | BEARER)).status_code == 204
    assert (await browser.get("/control/session")).json() == {"may_change": True}
    assert await reset(browser, **OWN) == 200


async def test_the_cookie_of_a_stack_on_another_port_is_another(browser: httpx.AsyncClient) -> None:
    await browser.get(f"/?token={TOKEN}")
    elsewhere = {"Host": "127.0.0.1:9090", "Origin": "http://127.0.0.1:9090"}
    assert await reset(browser, **elsewhere) == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9090"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}.evil.example"},
        {"Origin": f"http://{HOST}@evil.example"},
        {"Origin": f"evil://{HOST}"},
        {"Origin": HOST},
        {"Origin": ""},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": f"http://{HOST}"},
    ],
)
async def test_another_site_is_refused_with_the_cookie_and_with_the_token(
    browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await browser.get(f"/?token={TOKEN}")
    assert await reset(browser, **headers) == 403
    assert await reset(browser, **headers, **BEARER) == 403


async def test_a_cookie_without_word_of_where_the_request_comes_from_is_not_enough(browser: httpx.AsyncClient) -> None:
    await browser.get(f"/?token={TOKEN}")
    assert await reset(browser) == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8080",
        "",
        "localhost.evil",
        "[::1].evil.example",
        "[::1]evil.example",
        "127.0.0.1:80@evil.example",
        "127.0.0.1:evil.example",
        "evil.example#.localhost",
        ":8080",
        "http://127.0.0.1",
    ],
)
@pytest.mark.parametrize(
    "path", ["/", "/control/state", "/control/session", "/control/events", "/control/assets/main.js"]
)
async def test_under_another_s_name_nothing_is_shown(browser: httpx.AsyncClient, host: str, path: str) -> None:
    assert (await browser.get(path, headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8080", "[::1]:8080", "10.1.2.3:80", "shop.example", "SHOP.example:443"]
)
async def test_under_our_names_and_addresses_the_page_is_shown(browser: httpx.AsyncClient, host: str) -> None:
    assert (await browser.get("/", headers={"Host": host})).status_code == 200


async def test_behind_tls_the_cookie_is_for_tls_only(browser: httpx.AsyncClient) -> None:
    entered = await browser.get(f"/?token={TOKEN}", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in entered.headers["Set-Cookie"]


@pytest.mark.parametrize("path", ["/control/state", "/control/events", "/control/session"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
async def test_another_site_cannot_open_streams_although_it_could_read_nothing(
    browser: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    assert (await browser.get(path, headers=headers)).status_code == 403


async def test_a_forwarded_host_is_not_believed(browser: httpx.AsyncClient) -> None:
    forwarded = {"X-Forwarded-Host": HOST, "Forwarded": f"host={HOST}"}
    assert (await browser.get("/control/state", headers={"Host": "evil.example"} | forwarded)).status_code == 421


async def test_the_cookie_does_not_contain_the_token_and_is_for_this_host_only(browser: httpx.AsyncClient) -> None:
    entered = await browser.get(f"/?token={TOKEN}")
    name, *attributes = [part.strip() for part in entered.headers["Set-Cookie"].split(";")]
    assert TOKEN not in name
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=strict"]


async def test_the_token_is_neither_in_answers_nor_in_the_log(
    browser: httpx.AsyncClient, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await browser.get(f"/?token={TOKEN}")
    await reset(browser, **BEARER)
    await reset(browser, Authorization=f"Bearer {TOKEN}x")
    for path in ("/", "/control/state", "/control/session"):
        assert TOKEN not in (await browser.get(path)).text
    # What httpx says of itself is the test's own.
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    assert TOKEN not in "".join([*ours, *capsys.readouterr()])


async def test_traces_do_not_contain_the_token(tmp_path: Path) -> None:
    async with collecting() as collector:
        nobody = str(tmp_path / "none.json")
        app = build(
            DashboardSettings(control_token=TOKEN, otlp_endpoint=collector.url, topology_file=nobody, visitors_rate=0)
        )
        async with app.router.lifespan_context(app), connected(app) as client:
            for path in ("/", "/control/session", "/control/nothing"):
                await client.get(f"{path}?token={TOKEN}", headers={"Host": HOST})
            await reset(client, Host=HOST, **BEARER)
        await collector.has(4)
        assert len(collector.spans) == 4
        assert TOKEN not in str(collector.spans)
