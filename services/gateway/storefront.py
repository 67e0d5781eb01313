"""The storefront: Products, Customers and Orders on one page, which loses a section rather than the page.

A section is `fresh`, `stale`, or `unavailable` with the reason; the page is there while any of them has data.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from chassis.problems import Problem
from services.gateway.dependency import Call, Dependency
from services.gateway.reply import PATTERNS, Reply


@dataclass(frozen=True, slots=True)
class Section:
    """What is asked for a section of the page."""

    name: str
    dependency: Dependency
    target: str


@dataclass(frozen=True, slots=True)
class _Filled:
    """A section as the client sees it, with the patterns that acted on it."""

    document: dict[str, Any]
    patterns: list[str]

    @property
    def has_data(self) -> bool:
        return bool(self.document["status"] != "unavailable")


async def storefront(sections: list[Section]) -> Response:
    """The page. A request that a service refuses (a customer that does not exist) is refused as that service does."""
    outcomes = await asyncio.gather(*(_ask(section) for section in sections))
    refused = next((each for each in outcomes if isinstance(each, Reply)), None)
    if refused is not None:
        return refused.response()
    filled = [each for each in outcomes if isinstance(each, _Filled)]
    if not any(each.has_data for each in filled):
        raise Problem(503, "None of the sections can be had.", reason=filled[0].document["reason"], retry_after_s=1)
    page = {section.name: each.document for section, each in zip(sections, filled, strict=True)}
    acted = [pattern for each in filled for pattern in each.patterns]
    return JSONResponse(page, headers={PATTERNS: ", ".join(acted)} if acted else None)


async def _ask(section: Section) -> _Filled | Reply:
    """The section, or a reply that is the client's own doing."""
    try:
        reply = await section.dependency.call(Call("GET", section.target))
    except Problem as problem:
        acted = (problem.headers or {}).get(PATTERNS)
        return _unavailable(problem.reason or "upstream_error", acted.split(", ") if acted else [])
    answer = reply.answer
    if answer.status == 429 or answer.status >= 500:
        return _unavailable("upstream_error", reply.patterns)
    if answer.status != 200:
        return reply
    try:
        data = json.loads(answer.body)
    except ValueError:
        return _unavailable("upstream_error", reply.patterns)
    status = "stale" if reply.served.stale else "fresh"
    return _Filled({"status": status, "age_s": round(reply.served.age_s, 1), "data": data}, reply.patterns)


def _unavailable(reason: str, acted: list[str]) -> _Filled:
    return _Filled({"status": "unavailable", "age_s": None, "data": None, "reason": reason}, acted)
