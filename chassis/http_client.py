"""The HTTP client with which one service calls another: httpx, over the connections of aiohttp.

httpx's own connection pool becomes very slow when many calls run at once: `make bench-gateway` shows how slow. The pool
of aiohttp does not, and `httpx-aiohttp` puts it behind httpx's interface.
"""

import ssl

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

# Made once: a context reads all the certificate authorities of the system.
_TLS = ssl.create_default_context()
# A host name can get another address when a container is replaced. nginx looks it up as often.
_DNS_TTL_S = 1


class BodyTooLarge(httpx.HTTPError):
    """The answer's body has more bytes than the caller accepts."""


class NoCookies(httpx.Cookies):
    """Stores nothing. A cookie that one visitor's call received would be sent with the call of the next visitor."""

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

    It has no timeout: the caller puts `asyncio.timeout` around a call, and no other clock can end the call first. It
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
            # aiohttp would add a content type to every body that has none.
            skip_auto_headers=("Content-Type",),
            middlewares=[_send_once],
        )

    return Client(
        # "identity": compression costs both sides more time than a local network saves.
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
    """Send a request once, and report errors as httpx names them.

    aiohttp sends a GET again by itself when a kept connection turns out to be broken. Neither the retry budget nor the
    circuit breaker would see that second request. aiohttp does so only for its own errors, so this raises httpx's.
    """
    try:
        return await send(request)
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise httpx.ReadError(str(error) or "the connection broke") from error
    except aiohttp.ClientError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
