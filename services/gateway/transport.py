"""One request to a dependency over HTTP, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from chassis.context import current_request
from chassis.http_client import read_body
from resilience.deadline import current_deadline
from services.gateway.answer import Answer
from services.gateway.problems import ConnectionBroke, Unreachable, UpstreamError


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a dependency. `target` is a path with its query, both encoded.

    It can be sent more than once: a GET changes nothing, and an order has an Idempotency-Key.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Exchanges(Protocol):
    """Makes one attempt of a call."""

    async def exchange(self, call: Call) -> Answer: ...


class Transport:
    """Sends requests to one base URL."""

    def __init__(self, client: httpx.AsyncClient, base_url: str, max_answer_bytes: int) -> None:
        self._client = client
        self._base_url = base_url
        self._max_answer_bytes = max_answer_bytes

    async def exchange(self, call: Call) -> Answer:
        """Send the request once and read the whole answer. Raises CallFailed if there is none, or if it is a failure.

        A 4xx is an answer: the dependency did its work and refused the request.
        """
        url, headers = self._base_url + call.target, {**_request_headers(), **call.headers}
        try:
            async with self._client.stream(call.method, url, headers=headers, content=call.body) as response:
                answer = Answer.of(response, await read_body(response, self._max_answer_bytes))
        except httpx.ConnectError as error:
            raise Unreachable(str(error)) from error
        except httpx.ReadError as error:
            raise ConnectionBroke(str(error)) from error
        except httpx.HTTPError as error:
            raise UpstreamError(f"its answer is not usable: {error}") from error
        if answer.status >= 500 or 300 <= answer.status < 400:
            raise UpstreamError(f"it answered with status {answer.status}", answer)
        return answer


def _request_headers() -> dict[str, str]:
    """The headers with the id, the trace and the remaining time of the current request."""
    request, deadline = current_request.get(), current_deadline.get()
    headers = request.child_headers() if request else {}
    if deadline is not None:
        headers["X-Deadline-Ms"] = str(max(1, int(deadline.remaining_s() * 1000)))
    return headers
