"""Errors as problem documents, and OpenAPI that says so."""

from typing import Any

import httpx
import jsonschema_rs
import pytest

from tests.chassis.client import connected, make_app, problem_in


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 422),
        (b"", 422),
        (b"[]", 422),
        (b"\xff", 400),
        (b'{"name": 1}', 422),
        (b'{"name": "a", "count": 1' + b"0" * 5000 + b"}", 400),
        (b"[" * 50_000, 400),
    ],
)
async def test_a_bad_body_is_a_4xx_problem(content: bytes, status: int) -> None:
    async with connected() as client:
        answer = await client.post("/items", content=content, headers={"Content-Type": "application/json"})
    problem_in(answer)
    assert answer.status_code == status


async def test_a_refused_request_says_where_it_is_wrong_and_repeats_little_of_it() -> None:
    async with connected() as client:
        answer = await client.get("/items/0", params={"q": "secret" * 1000})
    errors = problem_in(answer)["errors"]
    assert [error["loc"] for error in errors] == [["path", "number"], ["query", "q"]]
    assert all(error["msg"] for error in errors)
    assert len(answer.content) < 1000


async def test_ever_so_many_mistakes_make_no_ever_so_long_answer() -> None:
    async with connected() as client:
        answer = await client.post("/items", json={"name": "a", "count": "x" * 10_000})
    assert problem_in(answer)["errors"][0]["loc"] == ["body", "count"]
    assert len(answer.content) < 1000


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/items/7", 405)])
async def test_what_does_not_exist_is_a_problem_too(method: str, path: str, status: int) -> None:
    async with connected() as client:
        answer = await client.request(method, path)
    assert problem_in(answer)["status"] == status
    assert (status == 405) == ("GET" in answer.headers.get("Allow", ""))


async def openapi() -> Any:
    async with connected() as client:
        return (await client.get("/openapi.json")).json()


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(each) for each in node.values()))
    if isinstance(node, list):
        return set().union(*(references(each) for each in node))
    return set()


async def test_every_reference_in_openapi_leads_somewhere_and_everything_defined_is_used() -> None:
    schema = await openapi()
    defined = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert references(schema) == defined


async def test_every_error_in_openapi_is_a_problem_document() -> None:
    schema = await openapi()
    answers = [
        (status, answer)
        for path in schema["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
    ]
    errors = [answer for status, answer in answers if status >= "400"]
    assert len(errors) > 10
    for answer in errors:
        assert answer["content"] == {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
        }


async def test_a_problem_is_what_openapi_says_it_is() -> None:
    schema = await openapi()
    async with connected() as client:
        answers: list[httpx.Response] = [await client.get(path) for path in ("/items/0", "/items/faults/away", "/none")]
    validator = jsonschema_rs.validator_for({"$ref": "#/components/schemas/ProblemDocument", **schema})
    for answer in answers:
        validator.validate(problem_in(answer))


def test_asking_for_openapi_twice_gives_the_same() -> None:
    app = make_app()
    assert app.openapi() == app.openapi()
