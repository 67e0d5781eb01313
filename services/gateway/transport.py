"""The connections to one dependency: aiohttp's, which here never sends a request twice unasked.

aiohttp repeats a GET by itself whenever the connection breaks. That would double the load on a service that breaks
connections, and no retry budget would know: what is tried again is for the pipeline alone to say.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp
from yarl import URL

from services.gateway.answer import Answer, read
from services.gateway.failures import ConnectionBroke, Unreachable, UpstreamError

# Compression would cost both sides more time than the local network saves.
_COMMON_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "afloat-gateway"}

# A name may mean another address a moment after a container was replaced; nginx asks again as often.
_DNS_TTL_S = 1

# The attempt's timeout is the only clock.
_NO_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=None)


class Exchanges(Protocol):
    """Whatever can make one attempt."""

    async def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...


class Transport:
    """Sends requests to one base URL."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, max_answer_bytes: int) -> None:
        self._session = session
        self._base_url = base_url
        self._max_answer_bytes = max_answer_bytes

    async def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """One request, one answer read to its end, whatever its status; any other end is a CallFailed."""
        url = URL(self._base_url + target, encoded=True)
        sent = {**_COMMON_HEADERS, **headers}
        try:
            async with self._session.request(method, url, headers=sent, data=body, allow_redirects=False) as response:
                return await read(response, self._base_url, self._max_answer_bytes)
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise ConnectionBroke(f"its answer broke off: {error}") from error
        except aiohttp.ClientError as error:
            raise UpstreamError(f"it did not speak HTTP: {error}") from error


@asynccontextmanager
async def open_transport(
    base_url: str, *, connections: int, keep_alive_s: float, max_answer_bytes: int
) -> AsyncIterator[Transport]:
    """At most so many connections; nothing is connected before the first request."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=keep_alive_s, ttl_dns_cache=_DNS_TTL_S),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("Content-Type",),
        auto_decompress=False,
        timeout=_NO_TIMEOUT,
        middlewares=[_once],
    ) as session:
        yield Transport(session, base_url, max_answer_bytes)


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Any of aiohttp's own connection errors would be taken as leave to repeat."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError as error:
        raise Unreachable(str(error)) from error
    except aiohttp.ClientConnectionError as error:
        raise ConnectionBroke(str(error) or "the connection broke") from error
