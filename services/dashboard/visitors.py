"""Visitors: a small open-loop load through nginx. Each is due at its moment, whether or not others have been served.

A visitor asks once. aiohttp repeats a GET by itself whenever the connection breaks, which would hide the very failures
that the visitors are there to see, so its error is turned into one that it does not repeat.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from itertools import count, cycle, islice
from time import monotonic

import aiohttp

from services.dashboard import told
from services.dashboard.visits import JOURNEYS, Outcome, Visit

# A handful of regulars, so that what they read has been read before, and can be saved.
_WORDS = ("lamp", "wireless lamp", "oak table", "desk", "wool blanket", "steel kettle", "garden chair", "backpack")
_REGULARS = 12
_PAGES = 3
_MAX_IN_FLIGHT = 600
_LONGEST_LAG_S = 1.0
# The dashboard may start a good while before the rest: that a shop has not opened yet is no downtime.
_OPENS_WITHIN_S = 60.0
_LOOK_S = 0.1
_REASON = re.compile(rb'"reason": ?"([a-z_]{1,40})"')
# A problem document is shorter; whatever follows is read, and forgotten.
_HEAD_BYTES = 4096


class _Broke(Exception):
    """The connection broke before the answer."""


class Visitors:
    """Sends `rate` visitors a second (0: none) until its task is cancelled, and hands each visit to `tell`.

    The first comes when one of every journey would be served, after `opens_within_s` at the latest.
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
        """Whether there would be visitors if the shop had opened."""
        return self._rate > 0 and not self._open

    def send_at(self, rate: float) -> None:
        self._rate = rate
        self._changed.set()

    async def run(self) -> None:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=15, ttl_dns_cache=1)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "User-Agent": "afloat-visitor"},
            middlewares=[_ask_once],
            auto_decompress=False,
        ) as http:
            try:
                await self._until_open(http)
                self._open = True
                await self._keep_sending(http)
            finally:
                for task in self._in_flight:
                    task.cancel()
                await asyncio.gather(*self._in_flight, return_exceptions=True)

    async def _until_open(self, http: aiohttp.ClientSession) -> None:
        gives_up_s = monotonic() + self._opens_within_s
        one_of_each = [path for _, path in islice(_errands(), len(JOURNEYS))]
        while monotonic() < gives_up_s:
            self._changed.clear()
            if self._rate:
                answers = [await self._ask(http, path) for path in one_of_each]
                if all(outcome != "failed" for outcome, _, _ in answers):
                    return
            await self._changes_within(_LOOK_S)

    async def _keep_sending(self, http: aiohttp.ClientSession) -> None:
        errands = _errands()
        due_s = monotonic()
        while True:
            rate = self._rate
            self._changed.clear()
            if await self._changes_within(max(0.0, due_s - monotonic()) if rate else None):
                # Nobody waits for the one who was due at the rate of before.
                due_s = monotonic()
                continue
            # After a pause of the whole machine nobody wants all that were due meanwhile at once.
            due_s = max(due_s + 1 / rate, monotonic() - _LONGEST_LAG_S)
            journey, path = next(errands)
            if len(self._in_flight) >= _MAX_IN_FLIGHT:
                self._tell(Visit(journey, "failed", 0.0, why="nobody could come in"))
                continue
            task = asyncio.create_task(self._visit(http, journey, path))
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)

    async def _changes_within(self, seconds: float | None) -> bool:
        """Wait so long, None: for ever, or until the rate changes; says whether it did."""
        try:
            async with asyncio.timeout(seconds):
                return await self._changed.wait()
        except TimeoutError:
            return False

    async def _visit(self, http: aiohttp.ClientSession, journey: str, path: str) -> None:
        started_s = monotonic()
        outcome, why, served_by = await self._ask(http, path)
        self._tell(Visit(journey, outcome, (monotonic() - started_s) * 1000, why, served_by))

    async def _ask(self, http: aiohttp.ClientSession, path: str) -> tuple[Outcome, str, str]:
        """What became of it, where it failed why, and who answered."""
        try:
            async with (
                asyncio.timeout(self._patience_s),
                http.get(self._url() + path, timeout=_NO_TIMEOUT, allow_redirects=False) as answer,
            ):
                head = await _head(answer)
        except TimeoutError:
            return "failed", "gave up waiting", ""
        except (aiohttp.ClientError, OSError, _Broke):
            return "failed", "no connection", ""
        served_by = told.name(answer.headers.get("X-Served-By", ""))
        if answer.status >= 500 or answer.status == 429:
            return "failed", _reason(answer.status, head), served_by
        stale = is_stale(answer.headers.get("Cache-Status", ""))
        return "stale" if stale else "answered", "", served_by


_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)


def is_stale(cache_status: str) -> bool:
    """Whether a Cache-Status (RFC 9211) tells of an answer past its time: a hit with a negative ttl."""
    parameters = [part.strip() for part in cache_status.split(",")[-1].split(";")]
    return "hit" in parameters and any(part.startswith("ttl=-") for part in parameters)


async def _head(answer: aiohttp.ClientResponse) -> bytes:
    """The beginning of the body, once all of it has arrived."""
    head = bytearray()
    async for part in answer.content.iter_any():
        head += part[: _HEAD_BYTES - len(head)]
    return bytes(head)


def _reason(status: int, head: bytes) -> str:
    """The reason of a problem document."""
    found = _REASON.search(head)
    return found[1].decode() if found else f"status {status}"


def _errands() -> Iterator[tuple[str, str]]:
    for number, word in zip(count(), cycle(_WORDS)):
        query, someone = word.replace(" ", "+"), number % _REGULARS + 1
        yield "search", f"/products/search?q={query}&limit=5"
        yield "customers", f"/api/customers/{someone}"
        yield "products", f"/api/products/search?q={query}&limit=5"
        yield "orders", f"/api/orders?customer_id={someone}"


async def _ask_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Broke from error
