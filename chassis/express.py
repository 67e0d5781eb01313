"""A short way to the handlers of requests that are plainly right.

FastAPI matches a request against every route, solves what the handler asks for and keeps two exit stacks. For a handler
that asks for no more than the request and a number at the path's end, that is a third of all that a gateway does. Such
a request is looked up in a table. Whatever is not plainly right goes FastAPI's way, and gets its errors.
"""

import inspect
import operator
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import annotated_types
from fastapi import Request
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

# As many digits as surely fit into 63 bits; a number with more of them is left to FastAPI.
_MAX_DIGITS = 18
_HOLDS: Mapping[type, tuple[Callable[[Any, Any], bool], str]] = {
    annotated_types.Ge: (operator.ge, "ge"),
    annotated_types.Gt: (operator.gt, "gt"),
    annotated_types.Le: (operator.le, "le"),
    annotated_types.Lt: (operator.lt, "lt"),
}


class Bound(NamedTuple):
    """What a number must hold to."""

    holds: Callable[[Any, Any], bool]
    limit: Any


@dataclass(frozen=True, slots=True)
class Lane:
    """A route's short way: `number` is the handler's name for what stands at the path's end, None for nothing."""

    route: APIRoute
    handler: Callable[..., Awaitable[Response]]
    wants_request: bool
    number: str | None = None
    bounds: Sequence[Bound] = ()

    def reads(self, end: str) -> bool:
        """Whether that is a number as the handler wants it, for sure."""
        if not (end.isdecimal() and end.isascii() and len(end) <= _MAX_DIGITS):
            return False
        number = int(end)
        return all(holds(number, limit) for holds, limit in self.bounds)

    async def serve(self, end: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the handler answer."""
        scope["route"] = self.route
        asked: dict[str, Any] = {} if self.number is None else {self.number: int(end)}
        if self.wants_request:
            asked["request"] = Request(scope, receive, send)
        response = await self.handler(**asked)
        await response(scope, receive, send)


class Express:
    """An ASGI app before another: it answers what has a lane, and hands on the rest."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        lanes = [lane for route in routes if isinstance(route, APIRoute) and (lane := _lane(route))]
        self._exact = {lane.route.path: lane for lane in lanes if lane.number is None}
        self._numbered = {lane.route.path.rpartition("/")[0]: lane for lane in lanes if lane.number is not None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        before, _, end = path.rpartition("/")
        lane = self._exact.get(path)
        if lane is None and (lane := self._numbered.get(before)) is not None and not lane.reads(end):
            lane = None
        await (lane.serve(end, scope, receive, send) if lane else self._app(scope, receive, send))


def _lane(route: APIRoute) -> Lane | None:
    """Only for a GET whose handler makes its whole answer of the request and at most one number."""
    asked = route.dependant
    more = (asked.dependencies, asked.query_params, asked.header_params, asked.cookie_params, asked.body_params)
    signature = inspect.signature(route.endpoint)
    known = {asked.request_param_name, *(each.name for each in asked.path_params)} - {None}
    if route.methods != {"GET"} or any(more) or len(asked.path_params) > 1:
        return None
    if signature.return_annotation is not Response or set(signature.parameters) != known:
        return None
    wants_request = asked.request_param_name is not None
    if not asked.path_params:
        return Lane(route, route.endpoint, wants_request)
    number = asked.path_params[0]
    bounds = _bounds(number.field_info)
    before, _, end = route.path.rpartition("/")
    if bounds is None or end != f"{{{number.alias}}}" or "{" in before:
        return None
    return Lane(route, route.endpoint, wants_request, number.name, bounds)


def _bounds(declared: FieldInfo) -> list[Bound] | None:
    """What a number in the path must hold to; None where that is not for this to judge."""
    if declared.annotation is not int or any(type(each) not in _HOLDS for each in declared.metadata):
        return None
    return [Bound(holds, getattr(each, name)) for each in declared.metadata for holds, name in [_HOLDS[type(each)]]]
