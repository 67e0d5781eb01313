"""The HTTP client of one dependency: httpx on aiohttp's connections, which never sends a request twice unasked.

aiohttp repeats a GET by itself whenever the connection breaks, new or not. That would double the load on a service
that breaks connections, and no retry budget would know. Here a request is repeated in one case only: it is safe, and
it went into a kept connection that turned out to be closed, which says nothing of the peer (RFC 9112, 9.3.1).
"""

import logging
from contextvars import ContextVar
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import SimpleNamespace

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

_SAFE = frozenset({"GET", "HEAD"})
# Compression would cost both sides more time than the local network saves.
COMMON_HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "afloat-gateway"}

# A name may mean another address a moment after a container was replaced; nginx asks again as often.
_DNS_TTL_S = 1

# It would log every request at the level at which a service logs what is out of the ordinary.
logging.getLogger("httpx").setLevel(logging.WARNING)

_kept_connection: ContextVar[bool] = ContextVar("_kept_connection", default=False)


def open_client(*, connections: int, keep_alive_s: float) -> httpx.AsyncClient:
    """A client without timeouts of its own: the attempt's is the only clock. To be opened inside the running loop."""

    def session() -> aiohttp.ClientSession:
        noted = aiohttp.TraceConfig()
        noted.on_connection_reuseconn.append(_note_kept_connection)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=keep_alive_s, ttl_dns_cache=_DNS_TTL_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[noted],
            middlewares=[_dispatch],
        )

    return httpx.AsyncClient(
        transport=AiohttpTransport(client=session),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=None,  # noqa: S113  # the attempt's timeout ends the call
        follow_redirects=False,
        trust_env=False,
    )


async def _dispatch(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send once, or a second time if the first went into a kept connection that was dead."""
    try:
        _kept_connection.set(False)
        try:
            return await handler(request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
            if request.method not in _SAFE or not _kept_connection.get():
                raise
        return await handler(request)
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except aiohttp.ClientConnectionError as error:
        # Any of aiohttp's own would be taken as leave to repeat.
        raise httpx.ReadError(str(error) or "the connection broke") from error


async def _note_kept_connection(
    session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceConnectionReuseconnParams
) -> None:
    _kept_connection.set(True)
