"""Problem documents (RFC 9457). Every error of a service has this format."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

CONTENT_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One error in the request: its location, and a message."""

    loc: list[str | int]
    msg: str


class ProblemDocument(BaseModel):
    """The body of every error answer."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    dependency: str | None = Field(None, description="the service or database that the answer would have needed")
    reason: str | None = Field(None, description="timeout, deadline_exceeded, unreachable, upstream_error, ...")
    errors: list[FieldError] | None = None


class Problem(HTTPException):
    """Raise it anywhere below a route: the answer is a problem document with this status.

    It is an HTTPException, because FastAPI turns every other exception during the reading of a body into a 400.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        dependency: str | None = None,
        reason: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(status, detail, {} if retry_after_s is None else {"Retry-After": str(retry_after_s)})
        self.dependency = dependency
        self.reason = reason
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        return self.status_code

    def response(self) -> Response:
        return problem_response(
            self.status, self.detail, headers=self.headers, dependency=self.dependency, reason=self.reason
        )


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """A response with a problem document. Members that are None are left out."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    body |= {name: value for name, value in members.items() if value is not None}
    return JSONResponse(body, status, headers, media_type=CONTENT_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI's `responses` for errors that a route can answer."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status in statuses
    }


def install(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Turn every error that the framework or one of the routes raises into a problem document."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return error.response()

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        headers = error.headers
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers = _allow(routes, request.scope["path"]) or headers
        return problem_response(error.status_code, str(error.detail), headers)

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> Response:
        errors = error.errors()[:20]
        wrong = [{"loc": [_short(part) for part in e["loc"]], "msg": _short(e["msg"])} for e in errors]
        # An invalid body or parameter is a 422. A missing or malformed header is a 400.
        status = 400 if all(e["loc"][0] == "header" for e in errors) else 422
        return problem_response(status, "The request is not valid.", errors=wrong)


def _allow(routes: Sequence[APIRoute], path: str) -> dict[str, str]:
    """`Allow` with the methods of every route of this path. Starlette uses only the first matching route."""
    matching = [route for route in routes if route.path_regex.match(path)]
    methods = sorted({method for route in matching for method in route.methods or ()})
    return {"Allow": ", ".join(methods)} if methods else {}


def _short(part: str | int) -> str | int:
    return part if isinstance(part, int) else part.encode("utf-8", "replace").decode()[:200]
