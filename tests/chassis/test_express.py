"""The short way to a handler leads where FastAPI's leads, whatever is asked."""

from typing import Annotated, Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from chassis import express
from chassis.app import create_app
from chassis.problems import Problem
from chassis.settings import ServiceSettings

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


def routes() -> APIRouter:
    """Some that have a lane, and one for each reason not to have one."""
    router = APIRouter(prefix="/things")

    @router.get("/search")
    async def search(request: Request) -> Response:
        if request.url.query == "bad":
            raise RequestValidationError([{"loc": ("query", "q"), "msg": "bad", "type": "value_error"}])
        return JSONResponse({"query": request.url.query})

    @router.get("/failing/{number}")
    async def failing(number: Number) -> Response:
        raise [Problem(503, "Away.", retry_after_s=1), HTTPException(418, "Tea."), LookupError("a secret")][number % 3]

    @router.get("/any/{number}")
    async def any_number(request: Request, number: int) -> Response:
        return JSONResponse({"number": number, "query": request.url.query})

    @router.get("/between/{number}/parts")
    async def between(number: Number) -> Response:
        return JSONResponse({"parts_of": number})

    @router.get("/stepped/{number}")
    async def stepped(number: Annotated[int, Path(multiple_of=2)]) -> Response:
        return JSONResponse({"even": number})

    @router.get("/named/{name}")
    async def named(name: str) -> Response:
        return JSONResponse({"name": name})

    @router.get("/asking/{number}")
    async def asking(number: Number, q: Annotated[str, Query()] = "", x: Annotated[str, Header()] = "") -> Response:
        return JSONResponse({"number": number, "q": q, "x": x})

    @router.get("/guarded/{number}", dependencies=[Depends(_guard)])
    async def guarded(number: Number) -> Response:
        return JSONResponse({"number": number})

    @router.get("/plain/{number}")
    async def plain(number: Number) -> dict[str, int]:
        return {"number": number}

    @router.get("/{number}")
    async def thing(number: Number) -> Response:
        return JSONResponse({"number": number})

    @router.post("/{number}")
    async def change(number: Number) -> Response:
        return JSONResponse({"changed": number})

    return router


def _guard() -> None:
    raise Problem(403, "Nobody gets in.")


@pytest.fixture(scope="module")
def ways() -> tuple[FastAPI, FastAPI]:
    """The service, and the same one with FastAPI's way alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(express, "_lane", lambda route: None)
        long = _built()
    return _built(), long


def _built() -> FastAPI:
    app = create_app("things", ServiceSettings(replica="things-1"), routes())
    app.middleware_stack = app.build_middleware_stack()
    return app


async def _answer(app: FastAPI, method: str, target: str) -> tuple[Any, ...]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things") as client:
        answer = await client.request(method, target, headers={"X-Request-Id": "same"})
    return answer.status_code, sorted(answer.headers.items()), answer.content


ENDS = st.one_of(
    st.integers(-2, 5).map(str),
    st.integers(2**63 - 3, 2**63 + 3).map(str),
    st.integers(10**17, 10**19).map(str),
    st.sampled_from(
        ["007", "+1", "%201", "1%20", "1.0", "1_0", "%31", "%D9%A3", "%C2%B2", "1/", "", "x", "search", "0x1", "1e3"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4).map(quote),
)
MIDDLES = st.sampled_from(
    ["", "failing/", "any/", "between/", "stepped/", "named/", "asking/", "guarded/", "plain/", "search/", "/"]
)


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    middle=MIDDLES,
    end=ENDS,
    rest=st.sampled_from(["", "?bad", "?q=%FF&x=1", "/parts"]),
)
async def test_both_ways_lead_to_the_same_answer(
    ways: tuple[FastAPI, FastAPI], method: str, middle: str, end: str, rest: str
) -> None:
    target = f"/things/{middle}{end}{rest}"
    short, long = [await _answer(app, method, target) for app in ways]
    assert short == long


async def test_what_has_a_lane_does_not_come_by_fastapis_router(ways: tuple[FastAPI, FastAPI]) -> None:
    """Or the test above would compare one way with itself."""
    short, long = ways
    for app in ways:
        app.router.middleware_stack = _never
    try:
        for target in ("/things/7", "/things/search", "/things/any/0"):
            assert (await _answer(short, "GET", target))[0] == 200
            assert (await _answer(long, "GET", target))[0] == 500
        for target in ("/things/0", "/things/stepped/2", "/things/asking/1", "/things/guarded/1", "/things/plain/1"):
            assert (await _answer(short, "GET", target))[0] == 500
    finally:
        for app in ways:
            app.router.middleware_stack = app.router.app


async def _never(scope: Scope, receive: Receive, send: Send) -> None:
    raise LookupError("FastAPI's way")


async def test_the_route_is_counted_under_its_own_name(ways: tuple[FastAPI, FastAPI]) -> None:
    for app in ways:
        await _answer(app, "GET", "/things/7")
        metrics = (await _answer(app, "GET", "/metrics"))[2].decode()
        assert 'afloat_http_requests_total{method="GET",route="/things/{number}",status="200"}' in metrics
