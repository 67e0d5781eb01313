"""The middleware around every service: which requests it accepts, and what it does to the answers."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import Receive, Scope, Send
from structlog.typing import EventDict

from chassis.health import Drain
from chassis.metrics import HttpMetrics
from chassis.middleware import Envelope
from chassis.settings import ServiceSettings
from tests.chassis.client import connected, make_app, problem_in
from tests.chassis.waiting import until

TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE_ID}-b7ad6b7169203331-01"


# ---- Identity -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/items/7", "/items/none", "/nowhere", "/items/faults/error"])
async def test_every_answer_names_the_replica_and_the_request(path: str) -> None:
    async with connected() as client:
        answer = await client.get(path, headers={"X-Request-Id": "abc.1:2_3-4"})
    assert answer.headers["X-Served-By"] == "items-1"
    assert answer.headers["X-Request-Id"] == "abc.1:2_3-4"


async def test_an_answer_that_already_names_a_replica_keeps_that_name() -> None:
    async with connected() as client:
        answer = await client.get("/items/faults/named")
    assert answer.headers.get_list("X-Served-By") == ["products-7"]


@pytest.mark.parametrize("given", [{}, {"X-Request-Id": "a b"}, {"X-Request-Id": "x" * 129}, {"X-Request-Id": ""}])
async def test_a_missing_or_malformed_request_id_is_replaced(given: dict[str, str]) -> None:
    async with connected() as client:
        made = {(await client.get("/items/7", headers=given)).headers["X-Request-Id"] for _ in range(2)}
    assert len(made) == 2
    assert all(len(each) == 32 for each in made)


async def test_a_trace_continues_with_a_new_span() -> None:
    async with connected() as client:
        about = (await client.get("/items/about/context", headers={"traceparent": TRACEPARENT})).json()
    version, trace_id, span_id, flags = about["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE_ID, "01")
    assert span_id != TRACEPARENT.split("-")[2]


@pytest.mark.parametrize(
    "traceparent",
    [
        "",
        "00-zz",
        TRACEPARENT.upper(),
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{TRACE_ID}-{'0' * 16}-01",
        f"{TRACEPARENT}-more",
    ],
)
async def test_a_malformed_trace_is_replaced(traceparent: str) -> None:
    async with connected() as client:
        about = (await client.get("/items/about/context", headers={"traceparent": traceparent})).json()
    assert about["trace_id"] not in {TRACE_ID, "0" * 32}
    assert len(about["trace_id"]) == 32


# ---- Limits ---------------------------------------------------------------------------------------------------------


async def test_a_body_larger_than_the_limit_is_a_413() -> None:
    async with connected(max_body_bytes=10) as client:
        assert (await client.post("/items/raw", content=b"x" * 10)).json() == {"bytes": 10}
        assert problem_in(await client.post("/items/raw", content=b"x" * 11))["status"] == 413


async def test_the_limit_holds_for_a_body_without_a_content_length() -> None:
    async def chunks(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 5

    async with connected(max_body_bytes=10) as client:
        assert (await client.post("/items/raw", content=chunks(2))).json() == {"bytes": 10}
        assert problem_in(await client.post("/items/raw", content=chunks(3)))["status"] == 413
        # FastAPI itself reads the body of this route.
        assert problem_in(await client.post("/items", content=chunks(3)))["status"] == 413


async def test_a_request_head_larger_than_the_limit_is_a_431() -> None:
    async with connected(max_header_bytes=1024) as client:
        assert problem_in(await client.get("/items/7", headers={"X-Long": "x" * 1024}))["status"] == 431
        assert problem_in(await client.get(f"/items/{'7' * 1024}"))["status"] == 431
        assert problem_in(await client.get("/items/7", params={"q": "7" * 1024}))["status"] == 431


@pytest.mark.parametrize("target", ["/items/%00", "/items/7?q=%00", "/items/%ff", "/items/7?q=%c3%28", "/%ed%a0%80"])
async def test_a_target_that_is_not_utf_8_text_is_a_400(target: str) -> None:
    async with connected() as client:
        assert problem_in(await client.get(target))["status"] == 400


async def test_text_in_any_language_is_accepted() -> None:
    async with connected() as client:
        assert (await client.get("/items/7", params={"q": "ламп-燈"})).json()["q"] == "ламп-燈"


# ---- Time -----------------------------------------------------------------------------------------------------------


async def test_the_deadline_is_the_smaller_of_the_setting_and_the_header() -> None:
    async with connected(request_timeout_s=30) as client:

        async def seconds(**headers: str) -> float:
            about = await client.get(
                "/items/about/context", headers={k.replace("_", "-"): v for k, v in headers.items()}
            )
            return float(about.json()["time_s"])

        assert 20 < await seconds() <= 30
        assert 10 < await seconds(X_Deadline_Ms="20000") <= 20
        assert 20 < await seconds(X_Deadline_Ms="999999999") <= 30


@pytest.mark.parametrize("time_ms", ["", "-1", "1.5", "1e3", "0x10", "soon", "1234567890", "٣"])
async def test_a_deadline_that_is_not_a_number_is_a_400(time_ms: str) -> None:
    async with connected() as client:
        answer = await client.get("/items/7", headers={b"X-Deadline-Ms": time_ms.encode()})
    assert problem_in(answer)["status"] == 400


async def test_a_request_whose_deadline_has_passed_is_a_504_at_once() -> None:
    async with connected() as client:
        answer = await client.get("/items/7", headers={"X-Deadline-Ms": "0"})
    assert (answer.status_code, problem_in(answer)["reason"]) == (504, "deadline_exceeded")


async def test_a_request_that_takes_too_long_is_a_504() -> None:
    async with connected(request_timeout_s=0.05) as client:
        answer = await client.get("/items/faults/slow")
    assert (answer.status_code, problem_in(answer)["reason"]) == (504, "deadline_exceeded")


async def test_an_unbounded_request_has_no_deadline() -> None:
    async with connected(unbounded=lambda scope: scope["path"].endswith("context"), request_timeout_s=0.05) as client:
        about = await client.get("/items/about/context", headers={"X-Deadline-Ms": "10"})
        assert about.json()["time_s"] is None
        assert (await client.get("/items/faults/slow")).status_code == 504


async def test_a_cancellation_from_outside_wins_over_the_deadline() -> None:
    async def cancelled_when_its_time_is_up(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            raise

    app = Envelope(cancelled_when_its_time_is_up, ServiceSettings(request_timeout_s=0.05), "a", Drain(), HttpMetrics())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://items") as client:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(client.get("/"))


async def test_a_timeout_error_of_the_app_is_not_the_deadline() -> None:
    async with connected() as client:
        assert problem_in(await client.get("/items/faults/timeout"))["status"] == 500


async def test_a_body_that_does_not_arrive_is_a_408() -> None:
    async def never() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(600)

    async with connected(request_timeout_s=0.05) as client:
        answer = await client.post("/items/raw", content=never())
    assert problem_in(answer)["status"] == 408
    assert answer.headers["Connection"] == "close"


async def test_a_request_whose_client_leaves_is_counted_as_499() -> None:
    metrics = HttpMetrics()
    async with connected(make_app(metrics)) as client:
        request = asyncio.create_task(client.get("/items/faults/slow"))
        await until(lambda: metrics.in_flight == 1)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
    assert metrics.in_flight == 0
    assert samples(metrics)["/items/faults/{kind}", "499"] == 1


# ---- Failures -------------------------------------------------------------------------------------------------------


async def test_the_details_of_a_failure_are_in_the_log_and_not_in_the_answer(log: list[EventDict]) -> None:
    async with connected() as client:
        answer = await client.get("/items/faults/error")
    assert problem_in(answer)["status"] == 500
    (entry,) = log
    assert (entry["event"], entry["log_level"], entry["exc_info"]) == ("unhandled_error", "error", True)


async def test_a_stream_that_fails_before_its_first_byte_is_a_500(log: list[EventDict]) -> None:
    metrics = HttpMetrics()
    async with connected(make_app(metrics)) as client:
        answer = await client.get("/items/faults/stream")
    assert problem_in(answer)["status"] == 500
    assert samples(metrics)["/items/faults/{kind}", "500"] == 1
    assert [entry["event"] for entry in log] == ["unhandled_error"]


async def test_a_problem_keeps_its_members() -> None:
    async with connected() as client:
        answer = await client.get("/items/faults/away")
    problem = problem_in(answer)
    assert (answer.status_code, problem["dependency"], problem["reason"]) == (503, "postgres", "unreachable")
    assert answer.headers["Retry-After"] == "2"


# ---- Metrics --------------------------------------------------------------------------------------------------------


def samples(metrics: HttpMetrics) -> dict[tuple[str, str], float]:
    """Requests by route and status."""
    return {
        (sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
        if sample.name == "afloat_http_requests_total"
    }


def test_every_route_is_in_the_metrics_before_any_traffic() -> None:
    metrics = HttpMetrics()
    make_app(metrics)
    assert samples(metrics)["/items/{number}", "200"] == 0
    assert {status for (route, status), _ in samples(metrics).items() if route == "/items"} == {"201"}
    assert "afloat_http_in_flight_requests 0.0" in metrics.exposition().decode()


async def test_the_first_request_is_a_rise_of_the_series_that_was_at_zero() -> None:
    metrics = HttpMetrics()
    async with connected(make_app(metrics)) as client:
        before = samples(metrics)
        await client.post("/items", json={"name": "lamp"})
    assert samples(metrics) == before | {("/items", "201"): 1}


async def test_requests_are_counted_by_route_and_never_by_path() -> None:
    metrics = HttpMetrics()
    async with connected(make_app(metrics)) as client:
        for number in range(1, 4):
            await client.get(f"/items/{number}")
            await client.get(f"/nowhere/{number}")
            await client.request(f"METHOD{number}", "/items/1")
        await client.get("/items/0")
    counted = samples(metrics)
    assert counted["/items/{number}", "200"] == 3
    assert counted["/items/{number}", "422"] == 1
    assert counted["unmatched", "404"] == 3
    text = metrics.exposition().decode()
    assert 'method="other"' in text
    assert "METHOD" not in text
    assert "nowhere" not in text
    assert metrics.in_flight == 0


async def test_head_is_answered_like_get() -> None:
    async with connected() as client:
        get, head = await client.get("/items/7"), await client.head("/items/7")
    assert head.status_code == 200
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


async def test_the_lifespan_of_the_app_passes_through() -> None:
    app = make_app()
    sent: list[str] = []
    received = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(received)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
