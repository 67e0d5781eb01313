"""The control plane over a shop: what it passes on to whom, and what it says when it cannot."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from services.dashboard.app import build
from services.dashboard.document import PATTERNS
from services.dashboard.settings import DashboardSettings
from tests.browser.servers import Served
from tests.browser.stage import TOKEN, Stage, stage
from tests.chassis.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HANG = {"kind": "hang", "for_s": 60}


class Curl:
    """The operator at a terminal, and what the dashboard then shows."""

    def __init__(self, opened: Stage, http: httpx.AsyncClient) -> None:
        self.stage = opened
        self.http = http

    async def state(self) -> Any:
        return (await self.http.get("/control/state")).json()

    async def sees(self, condition: Any) -> None:
        async def true() -> bool:
            return bool(condition(await self.state()))

        await until(true)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened() -> AsyncIterator[Stage]:
    async with stage(poll_interval_s=0.25, poll_timeout_s=5, visitors_rate=0) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def curl(opened: Stage) -> AsyncIterator[Curl]:
    """Everything is ready, no fault is on, every pattern works, and nobody visits, whatever was before."""
    await opened.shop.revive()
    opened.dashboard.app.state.drain.started = False
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=opened.dashboard.url, headers=headers, timeout=10) as http:
        curl = Curl(opened, http)
        await curl.sees(lambda state: [each["state"] for each in state["replicas"]] == ["ready"] * 7)
        (await http.put("/control/visitors", json={"rate": 0})).raise_for_status()
        (await http.delete("/control/faults")).raise_for_status()
        (await http.put("/control/patterns", json=dict.fromkeys(PATTERNS, True))).raise_for_status()
        await curl.sees(lambda state: set(state["patterns"].values()) == {True} and not state["faults"])
        yield curl


async def test_patterns_are_switched_in_the_gateway_and_shown(curl: Curl) -> None:
    answer = await curl.http.put("/control/patterns", json={"bulkheads": False, "retries": False})
    assert answer.json() == {"done": ["gateway-1"], "failed": []}
    await curl.sees(lambda state: state["patterns"]["bulkheads"] is False and state["patterns"]["timeouts"] is True)
    state = await curl.state()
    assert state["gateways"][0]["dependencies"]["orders"]["bulkhead"]["shared"] is True
    assert "You switched bulkheads and retries off." in [entry["text"] for entry in state["log"]]


async def test_a_fault_goes_to_every_replica_of_a_service_or_to_one(curl: Curl) -> None:
    assert (await curl.http.put("/control/faults/products", json=HANG)).json()["done"] == [
        "products-1",
        "products-2",
        "products-3",
    ]
    assert (await curl.http.delete("/control/faults/products")).status_code == 200
    await curl.http.put("/control/faults/products-2", json=HANG)
    await curl.sees(lambda state: [fault["target"] for fault in state["faults"]] == ["products-2"])


async def test_a_replica_that_was_not_reached_is_named(curl: Curl) -> None:
    await curl.stage.shop.replicas["products-2"].kill()
    answer = await curl.http.put("/control/faults/products", json={"kind": "grey", "for_s": 60})
    assert answer.json() == {"done": ["products-1", "products-3"], "failed": ["products-2"]}
    said = "You injected grey into products. products-2 could not be reached."
    assert said in [entry["text"] for entry in (await curl.state())["log"]]
    await curl.stage.shop.replicas["products-2"].start()


async def test_all_faults_are_cleared_at_once(curl: Curl) -> None:
    await curl.http.put("/control/faults/products", json=HANG)
    await curl.http.put("/control/faults/orders-1", json={"kind": "error", "for_s": 60})
    await curl.sees(lambda state: len(state["faults"]) == 4)
    assert len((await curl.http.delete("/control/faults")).json()["done"]) == 6
    await curl.sees(lambda state: state["faults"] == [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/control/faults/nobody", HANG, 404),
        ("PUT", "/control/faults/lb", HANG, 404),
        ("PUT", "/control/faults/customers", {"kind": "boredom", "for_s": 5}, 422),
        ("PUT", "/control/faults/customers", {"kind": "hang"}, 422),
        ("PUT", "/control/faults/customers", [], 422),
        ("PUT", "/control/faults/Customers;rm", HANG, 422),
        ("DELETE", "/control/faults/nobody", None, 404),
        ("PUT", "/control/patterns", {}, 422),
        ("PUT", "/control/patterns", {"hopes": True}, 422),
        ("PUT", "/control/patterns", {"timeouts": "no"}, 422),
        ("PUT", "/control/visitors", {"rate": -1}, 422),
        ("PUT", "/control/visitors", {"rate": 1e9}, 422),
        ("PUT", "/control/visitors", {"rate": 1e-310}, 422),
        ("PUT", "/control/visitors", {"rate": 200, "to": "http://evil.example"}, 422),
        ("PUT", "/control/faults/http:%2F%2Fevil.example", HANG, 404),
        ("PUT", "/control/faults/customers", {"kind": "hang", "for_s": 1e9}, 422),
        ("PUT", "/control/faults/customers", {"kind": "latency", "for_s": 5, "delay_ms": "x" * 70_000}, 413),
        ("POST", "/control/faults/customers", HANG, 405),
        ("GET", "/control/faults", None, 405),
        ("GET", "/control/nothing", None, 404),
    ],
)
async def test_a_wrong_command_is_refused_with_a_problem(
    curl: Curl, method: str, path: str, body: object, status: int
) -> None:
    answer = await curl.http.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_a_gateway_that_is_away_is_named(curl: Curl) -> None:
    await curl.stage.shop.replicas["gateway-1"].kill()
    answer = await curl.http.put("/control/patterns", json={"timeouts": False})
    assert (answer.status_code, answer.json()["dependency"]) == (502, "gateway")
    await curl.sees(lambda state: state["patterns"]["timeouts"] is None)
    await curl.stage.shop.replicas["gateway-1"].start()


@pytest.mark.parametrize("body", [b"{", b"[" * 60_000, b'{"kind": NaN}', b"\xff", b'"hang"', b'{"kind": "\\ud800"}'])
async def test_an_invalid_fault_is_refused_with_a_problem(curl: Curl, body: bytes) -> None:
    json = {"Content-Type": "application/json"}
    answer = await curl.http.put("/control/faults/customers", content=body, headers=json)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_faults_are_cleared_even_if_the_gateway_cannot_be_reached_to_end_the_show(curl: Curl) -> None:
    await curl.http.put("/control/faults/orders", json=HANG)
    await curl.http.put("/control/show")
    await curl.stage.shop.replicas["gateway-1"].kill()
    assert (await curl.http.delete("/control/faults")).status_code == 502
    await curl.sees(lambda state: state["faults"] == [] and state["show_left_s"] == 0)
    await curl.stage.shop.replicas["gateway-1"].start()
    await curl.sees(lambda state: state["show_left_s"] is None and set(state["patterns"].values()) == {True})


async def test_a_fault_ends_by_itself(curl: Curl) -> None:
    await curl.http.put("/control/faults/customers", json=HANG)
    await curl.sees(lambda state: state["faults"] != [])
    # In its place comes one whose end alone is waited for: nobody has to be quick enough to see it begin.
    await curl.http.put("/control/faults/customers", json=HANG | {"for_s": 1})
    await curl.sees(lambda state: state["log"][-1]["text"].startswith("The fault hang"))
    assert (await curl.state())["faults"] == []


async def test_a_crash_is_a_fault_like_any_other(curl: Curl) -> None:
    await curl.http.put("/control/faults/products-1", json={"kind": "crash", "for_s": 5})
    await curl.sees(lambda state: any(each["state"] == "down" for each in state["replicas"]))
    await curl.sees(lambda state: all(each["state"] == "ready" for each in state["replicas"]))


async def test_visitors_are_let_in_and_counted(curl: Curl) -> None:
    await curl.http.put("/control/visitors", json={"rate": 50})
    await curl.sees(lambda state: state["visitors"]["rate"] == 50 and state["visitors"]["answered"] > 10)


async def test_clearing_all_faults_ends_the_show(curl: Curl) -> None:
    await curl.http.put("/control/show")
    await curl.sees(lambda state: set(state["patterns"].values()) == {False})
    await curl.http.delete("/control/faults")
    await curl.sees(lambda state: set(state["patterns"].values()) == {True} and state["faults"] == [])


async def test_a_gateway_that_the_show_does_not_reach_is_named_and_tried_again_while_it_is_there() -> None:
    async with stage(poll_interval_s=0.25, poll_timeout_s=5, visitors_rate=0) as opened:
        topology, away = opened.shop.topology, Served(FastAPI())
        without = topology.read_text()
        place = {"name": "gateway-2", "service": "gateway", "host": "127.0.0.1", "port": away.port}
        topology.write_text(json.dumps({"url": "", "places": [*json.loads(without)["places"], place]}))
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=opened.dashboard.url, headers=headers, timeout=10) as http:
            curl = Curl(opened, http)
            await curl.sees(lambda state: [each["name"] for each in state["gateways"]] == ["gateway-1", "gateway-2"])
            await http.put("/control/show")
            assert (await http.delete("/control/show")).json() == {"left_s": 0}
            said = [entry["text"] for entry in (await curl.state())["log"] if entry["kind"] == "you"]
            assert said == [
                "You switched all patterns off for 40 s, to show the failure. gateway-2 could not be reached.",
                "You switched the patterns on again. gateway-2 could not be reached.",
            ]
            topology.write_text(without)
            await curl.sees(lambda state: state["show_left_s"] is None)
        away.let_go()


async def test_pages_that_come_all_at_once_are_not_more_than_may_be_open(tmp_path: Path) -> None:
    settings = DashboardSettings(topology_file=str(tmp_path / "none.json"), visitors_rate=0, max_pages=3)
    served = Served(build(settings))
    await served.start()
    try:
        async with httpx.AsyncClient(base_url=served.url, timeout=10) as http, AsyncExitStack() as pages:

            async def status() -> int:
                return (await pages.enter_async_context(http.stream("GET", "/control/events"))).status_code

            answers = await asyncio.gather(*(status() for _ in range(20)))
            assert sorted(answers) == [200] * 3 + [503] * 17
    finally:
        await served.stop()
        served.let_go()


async def test_a_page_that_comes_right_after_a_change_reads_of_it_once(tmp_path: Path) -> None:
    settings = DashboardSettings(topology_file=str(tmp_path / "none.json"), control_token=TOKEN, visitors_rate=0)
    served = Served(build(settings))
    await served.start()
    try:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx.AsyncClient(base_url=served.url, headers=headers, timeout=10) as http:

            async def read() -> list[str]:
                """What the log tells a page that comes now, up to its first news."""
                entries: list[Any] = []
                async with http.stream("GET", "/control/events") as stream:
                    lines = (line async for line in stream.aiter_lines() if line.startswith("data: {"))
                    for _ in range(2):
                        entries += json.loads((await anext(lines)).removeprefix("data: "))["log"]
                return [entry["text"] for entry in entries]

            # One state has just been sent, and the next is a second away.
            await read()
            await http.delete("/control/downtime")
            assert (await read()).count("You set the downtime to zero.") == 1
    finally:
        await served.stop()
        served.let_go()


async def test_the_stream_starts_with_everything_and_does_not_hold_up_a_stopping_dashboard(curl: Curl) -> None:
    async with curl.http.stream("GET", "/control/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        names: list[str] = []
        while len(names) < 4:
            line = await anext(lines)
            names += [line] if line.startswith("event:") else []
        assert names == ["event: age", "event: state", "event: news", "event: news"]
        drain = curl.stage.dashboard.app.state.drain
        drain.started = True
        async for _ in lines:
            pass
        drain.started = False
