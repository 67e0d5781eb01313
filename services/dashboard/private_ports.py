"""The private ports of the replicas, where each tells of itself and takes commands."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from services.dashboard.places import Place

MAX_ANSWER_BYTES = 2**20


class NoAnswer(Exception):
    """The replica said nothing."""


class Silent(NoAnswer):
    """It, or something in its place, took the connection, and the time ran out."""


class Down(NoAnswer):
    """There was no connection to be had, or it broke, or it said more than anybody wants to hear."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    served_by: str
    body: bytes

    @property
    def document(self) -> Mapping[str, Any]:
        """The body as a JSON object, empty if it is none."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}


class PrivatePorts:
    """Asks inside `open()`; one answer takes at most `timeout_s`. It goes nowhere that a replica would send it to."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._http: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=15)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "afloat-dashboard", "Accept-Encoding": "identity"},
            # A few bytes could become very many.
            auto_decompress=False,
        ) as self._http:
            yield

    async def ask(self, place: Place, path: str, method: str = "GET", body: Mapping[str, Any] | None = None) -> Answer:
        """The answer, whatever its status; Silent or Down where there is none."""
        assert self._http is not None, "ask inside open()"
        try:
            async with self._http.request(
                method, place.url + path, json=body, timeout=self._timeout, allow_redirects=False
            ) as answer:
                return Answer(answer.status, answer.headers.get("X-Served-By", ""), await _body(answer))
        except TimeoutError as error:
            raise Silent from error
        except (aiohttp.ClientError, OSError) as error:
            raise Down from error


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_any():
        body += part
        if len(body) > MAX_ANSWER_BYTES:
            raise Down
    return bytes(body)
