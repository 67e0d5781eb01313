"""Visitors: a small open-loop load through nginx. Each one starts at its time, whether or not others were served.

A visitor sends one request. A retry would hide the failures that the visitors are there to see.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from time import monotonic

import httpx

from chassis.http_client import http_client
from services.dashboard import reports
from services.dashboard.visits import JOURNEYS, Outcome, Visit

# Few different requests, so that the gateway has read each of them before and can serve it stale.
_WORDS = ("lamp", "wireless lamp", "oak table", "desk", "wool blanket", "steel kettle", "garden chair", "backpack")
_CUSTOMERS = 12
_MAX_IN_FLIGHT = 600
_LONGEST_LAG_S = 1.0
# The dashboard may start long before the other services. The time until the shop opens is not downtime.
_OPENS_WITHIN_S = 60.0
_LOOK_S = 0.1
_REASON = re.compile(rb'"reason": ?"([a-z_]{1,40})"')
# A problem document is shorter. The rest of a body is read and thrown away.
_HEAD_BYTES = 4096


class Visitors:
    """Sends `rate` visitors a second (0: none) until its task is cancelled, and reports each visit to `tell`.

    The first visitor starts when one request of every journey succeeds, after `opens_within_s` at the latest.
    """

    def __init__(
        self,
        url: Callable[[], str],
        rate: float,
        patience_s: float,
        tell: Callable[[Visit], None],
        opens_within_s: float = _OPENS_WITHIN_S,
    ) -> None:
        self._url = url
        self._opens_within_s = opens_within_s
        self._rate = rate
        self._open = False
        self._patience_s = patience_s
        self._tell = tell
        self._changed = asyncio.Event()
        self._in_flight: set[asyncio.Task[None]] = set()

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def waiting(self) -> bool:
        """Whether visitors are to come and the shop has not opened yet."""
        return self._rate > 0 and not self._open

    def send_at(self, rate: float) -> None:
        self._rate = rate
        self._changed.set()

    async def run(self) -> None:
        async with http_client(connections=_MAX_IN_FLIGHT, keep_alive_s=15, user_agent="afloat-visitor") as http:
            try:
                await self._until_open(http)
                self._open = True
                await self._keep_sending(http)
            finally:
                for task in self._in_flight:
                    task.cancel()
                await asyncio.gather(*self._in_flight, return_exceptions=True)

    async def _until_open(self, http: httpx.AsyncClient) -> None:
        gives_up_s = monotonic() + self._opens_within_s
        one_of_each = [path for _, path in islice(_errands(), len(JOURNEYS))]
        while monotonic() < gives_up_s:
            self._changed.clear()
            if self._rate:
                answers = [await self._ask(http, path) for path in one_of_each]
                if all(outcome != "failed" for outcome, _, _ in answers):
                    return
            await self._changes_within(_LOOK_S)

    async def _keep_sending(self, http: httpx.AsyncClient) -> None:
        errands = _errands()
        due_s = monotonic()
        while True:
            rate = self._rate
            self._changed.clear()
            if await self._changes_within(max(0.0, due_s - monotonic()) if rate else None):
                # The next visitor is due now and not when the old rate said.
                due_s = monotonic()
                continue
            # After a pause of the whole machine, the visitors of the pause do not all come at once.
            due_s = max(due_s + 1 / rate, monotonic() - _LONGEST_LAG_S)
            journey, path = next(errands)
            if len(self._in_flight) >= _MAX_IN_FLIGHT:
                self._tell(Visit(journey, "failed", 0.0, why="too many visits under way"))
                continue
            task = asyncio.create_task(self._visit(http, journey, path))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _changes_within(self, seconds: float | None) -> bool:
        """Wait until the rate changes, at most this long (None: for ever). Returns whether it changed."""
        try:
            async with asyncio.timeout(seconds):
                return await self._changed.wait()
        except TimeoutError:
            return False

    async def _visit(self, http: httpx.AsyncClient, journey: str, path: str) -> None:
        started_s = monotonic()
        outcome, why, served_by = await self._ask(http, path)
        self._tell(Visit(journey, outcome, (monotonic() - started_s) * 1000, why, served_by))

    async def _ask(self, http: httpx.AsyncClient, path: str) -> tuple[Outcome, str, str]:
        """The outcome, the reason of a failure, and the replica that answered."""
        try:
            async with asyncio.timeout(self._patience_s), http.stream("GET", self._url() + path) as response:
                head = await _head(response)
        except TimeoutError:
            return "failed", "gave up waiting", ""
        except httpx.HTTPError:
            return "failed", "no connection", ""
        served_by = reports.name(response.headers.get("X-Served-By", ""))
        if response.status_code >= 500 or response.status_code == 429:
            return "failed", _reason(response.status_code, head), served_by
        stale = is_stale(response.headers.get("Cache-Status", ""))
        return "stale" if stale else "answered", "", served_by


def is_stale(cache_status: str) -> bool:
    """Whether a Cache-Status (RFC 9211) says that the answer is stale: a hit with a negative ttl."""
    parameters = [part.strip() for part in cache_status.split(",")[-1].split(";")]
    return "hit" in parameters and any(part.startswith("ttl=-") for part in parameters)


async def _head(response: httpx.Response) -> bytes:
    """The beginning of the body, after the whole body has arrived."""
    head = bytearray()
    async for chunk in response.aiter_raw():
        head += chunk[: _HEAD_BYTES - len(head)]
    return bytes(head)


def _reason(status: int, head: bytes) -> str:
    """The reason in a problem document, or the status."""
    found = _REASON.search(head)
    return found[1].decode() if found else f"status {status}"


def _errands() -> Iterator[tuple[str, str]]:
    for number, word in zip(count(), cycle(_WORDS)):
        query, customer = word.replace(" ", "+"), number % _CUSTOMERS + 1
        yield "search", f"/products/search?q={query}&limit=5"
        yield "customers", f"/api/customers/{customer}"
        yield "products", f"/api/products/search?q={query}&limit=5"
        yield "orders", f"/api/orders?customer_id={customer}"
