"""One request to a dependency over HTTP, and its answer."""

from collections.abc import Mapping
from typing import Protocol

import httpx

from chassis.http_client import read_body
from services.gateway.answer import Answer
from services.gateway.failures import ConnectionBroke, Unreachable, UpstreamError


class Exchanges(Protocol):
    """What can make one attempt."""

    async def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer: ...


class Transport:
    """Sends requests with a client that has the dependency's base URL."""

    def __init__(self, client: httpx.AsyncClient, max_answer_bytes: int) -> None:
        self._client = client
        self._max_answer_bytes = max_answer_bytes

    async def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """Send the request once and read the whole answer, whatever its status. Raises CallFailed without an answer."""
        try:
            async with self._client.stream(method, target, headers=headers, content=body) as response:
                content = await read_body(response, self._max_answer_bytes)
        except httpx.ConnectError as error:
            raise Unreachable(str(error)) from error
        except httpx.ReadError as error:
            raise ConnectionBroke(f"the connection broke: {error}") from error
        except httpx.HTTPError as error:
            raise UpstreamError(f"its answer is not usable: {error}") from error
        return Answer.of(response, content)
