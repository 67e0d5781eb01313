"""An HTTP client that never retries: every request is sent once, and what becomes of it is told.

aiohttp (3.14) by itself sends a GET a second time when its connection breaks before the answer, be the connection a
kept one or new. That would hide exactly the failures that a load is there to count. Its own test client switches this
off through a private attribute; here a middleware turns those errors into one that aiohttp does not repeat.
"""

import resource
from dataclasses import dataclass

import aiohttp

from lab.record import ANSWERED
from lab.request import Request

NO_CONNECTION = "no connection"
CONNECTION_BROKE = "connection broke"
NOT_HTTP = "not HTTP"

# Shorter than nginx's 75 s: it is always this client that closes an idle connection, so none is lost to that race.
_KEEP_ALIVE_S = 15
_SPARE_FILES = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: `failure` is empty if it was answered with a status below 400."""

    failure: str
    replica: str = ""


class _Broke(Exception):
    """The connection broke before the answer."""


class Client:
    """One pool of kept connections, as large as it takes."""

    def __init__(self, url: str, max_connections: int) -> None:
        _allow_open_files(max_connections + _SPARE_FILES)
        self._session = aiohttp.ClientSession(
            url,
            connector=aiohttp.TCPConnector(limit=max_connections, keepalive_timeout=_KEEP_ALIVE_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "afloat-lab"},
            middlewares=[_send_once],
        )

    async def close(self) -> None:
        await self._session.close()

    async def send(self, request: Request) -> Outcome:
        """Send it and read the answer to its end. The caller limits the time."""
        try:
            async with self._session.request(
                request.method, request.path, headers=request.headers, data=request.body, allow_redirects=False
            ) as response:
                await response.read()
        except aiohttp.ClientConnectorError:
            return Outcome(NO_CONNECTION)
        except (_Broke, aiohttp.ClientPayloadError, aiohttp.ClientConnectionError):
            return Outcome(CONNECTION_BROKE)
        except aiohttp.ClientError:
            return Outcome(NOT_HTTP)
        failure = ANSWERED if response.status < 400 else f"status {response.status}"
        return Outcome(failure, response.headers.get("X-Served-By", ""))


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Broke from error


def _allow_open_files(count: int) -> None:
    """Raise the soft limit if it is lower: a connection is a file, and many systems allow 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
