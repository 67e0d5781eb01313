"""The private ports of the replicas: here a replica reports its state and takes commands."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from chassis.http_client import http_client, read_body
from services.dashboard.places import Place

MAX_ANSWER_BYTES = 2**20


class NoAnswer(Exception):
    """The replica did not answer."""


class Silent(NoAnswer):
    """The time ran out before there was an answer."""


class Down(NoAnswer):
    """There was no connection, or it broke, or the answer was not HTTP or too long."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    served_by: str
    body: bytes

    @property
    def document(self) -> Mapping[str, Any]:
        """The body as a JSON object; empty if the body is something else."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


class PrivatePorts:
    """Sends requests inside `open()`. An answer may take `timeout_s`."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._http: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with http_client(connections=100, keep_alive_s=15, user_agent="afloat-dashboard") as self._http:
            yield

    async def ask(self, place: Place, path: str, method: str = "GET", body: Mapping[str, Any] | None = None) -> Answer:
        """The answer, whatever its status. Raises Silent or Down if there is none."""
        assert self._http is not None, "ask inside open()"
        headers = {} if body is None else {"Content-Type": "application/json"}
        # Not httpx's `json=`: it raises an error for NaN. The replica must refuse a NaN, and say why.
        sent = None if body is None else json.dumps(body)
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._http.stream(method, place.url + path, headers=headers, content=sent) as response,
            ):
                content = await read_body(response, MAX_ANSWER_BYTES)
        except TimeoutError as error:
            raise Silent from error
        except httpx.HTTPError as error:
            raise Down from error
        return Answer(response.status_code, response.headers.get("X-Served-By", ""), content)
