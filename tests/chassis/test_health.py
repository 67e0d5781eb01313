"""Liveness, readiness and metrics."""

from structlog.typing import EventDict

from chassis.problems import Problem
from tests.chassis.client import connected, make_app, problem_in


async def fine() -> None:
    return None


async def away() -> None:
    raise Problem(503, "The database cannot be reached.", reason="unreachable")


async def broken() -> None:
    raise LookupError("a secret")


async def test_a_service_with_all_it_needs_is_ready() -> None:
    async with connected(make_app(checks={"postgres": fine})) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


async def test_a_service_without_what_it_needs_is_alive_and_not_ready_and_says_why() -> None:
    async with connected(make_app(checks={"cache": fine, "postgres": away})) as client:
        assert (await client.get("/livez")).status_code == 200
        answer = await client.get("/readyz")
    problem = problem_in(answer)
    assert (answer.status_code, problem["reason"]) == (503, "unreachable")
    assert problem["detail"] == "postgres: The database cannot be reached."
    assert answer.headers["Retry-After"] == "1"


async def test_readyz_with_once_stays_200_after_the_service_was_ready() -> None:
    usable = [False, True]

    async def sometimes() -> None:
        if not usable or not usable.pop(0):
            await away()

    async with connected(make_app(checks={"postgres": sometimes})) as client:
        assert (await client.get("/readyz?once=true")).status_code == 503
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/readyz?once=true")).json() == {"status": "alive"}


async def test_the_error_of_a_failed_check_is_only_in_the_log(log: list[EventDict]) -> None:
    async with connected(make_app(checks={"postgres": broken})) as client:
        assert problem_in(await client.get("/readyz"))["status"] == 503
    assert [entry["event"] for entry in log] == ["readiness_check_failed"]


async def test_a_draining_service_is_not_ready_however_well_it_is() -> None:
    app = make_app(checks={"postgres": fine})
    app.state.drain.started = True
    async with connected(app) as client:
        answer = await client.get("/readyz")
        assert problem_in(answer)["reason"] == "draining"
        assert (await client.get("/items/7")).headers["Connection"] == "close"


async def test_metrics_are_in_prometheus_text_format() -> None:
    async with connected() as client:
        answer = await client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert "# TYPE afloat_http_requests_total counter" in answer.text


async def test_none_of_them_is_in_openapi() -> None:
    assert not {"/livez", "/readyz", "/metrics"} & set(make_app().openapi()["paths"])
