"""The HTTP client with which one service calls another: httpx, with the connection pool of aiohttp.

httpx's own connection pool becomes very slow when many calls run at the same time (see `make bench-gateway`). The pool
of aiohttp does not. The package `httpx-aiohttp` provides it as a transport of httpx.
"""

import ssl

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

# It is created only once, because it reads all certificate authorities of the system.
_TLS = ssl.create_default_context()
# When a container is replaced, its host name can get another address. nginx has the same limit.
_DNS_TTL_S = 1


class BodyTooLarge(httpx.HTTPError):
    """The answer's body has more bytes than the caller accepts."""


class NoCookies(httpx.Cookies):
    """Stores no cookies. Otherwise a cookie from one visitor's call would be sent with the next visitor's call."""

    def extract_cookies(self, response: httpx.Response) -> None:
        pass


_NO_COOKIES = NoCookies()


class Client(httpx.AsyncClient):
    """httpx's client without cookies."""

    @property  # type: ignore[misc]  # in httpx it can also be set
    def cookies(self) -> httpx.Cookies:
        return _NO_COOKIES


def http_client(*, connections: int, keep_alive_s: float, user_agent: str) -> httpx.AsyncClient:
    """A client with at most `connections` connections. Use it with `async with`; it connects at the first request.

    It has no timeout. The caller uses `asyncio.timeout`, so that only one timeout can end the call. It
    follows no redirect, stores no cookie, uses no proxy from the environment, and leaves bodies as they were sent.
    An error is an `httpx.ConnectError` if nothing was sent, an `httpx.ReadError` if the request may have been carried
    out, and another `httpx.HTTPError` if the answer is not HTTP.
    """

    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=connections, keepalive_timeout=keep_alive_s, ttl_dns_cache=_DNS_TTL_S, ssl=_TLS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            # Otherwise aiohttp would add a content type to every body without one.
            skip_auto_headers=("Content-Type",),
            middlewares=[_send_once],
        )

    return Client(
        # "identity" means without compression. On a local network, compression takes more time than it saves.
        headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": user_agent},
        trust_env=False,
        timeout=None,
        transport=AiohttpTransport(client=session, verify=_TLS),
    )


async def read_body(response: httpx.Response, max_bytes: int) -> bytes:
    """The whole body of a streamed response, as it was sent. Raises BodyTooLarge after `max_bytes`."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooLarge(f"the body has more than {max_bytes} bytes")
    return bytes(body)


async def _send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request once, and raise httpx's errors in place of aiohttp's.

    aiohttp sends a GET again by itself if a kept-alive connection is broken. The retry budget and the circuit breaker
    would not see that second request. aiohttp does this only for its own errors, so httpx's errors prevent it.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise httpx.ReadError(str(error) or "the connection broke") from error
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
