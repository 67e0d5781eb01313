"""One dependency: everything that the gateway knows about calling Products, Customers or Orders.

`call` is the one way in. The patterns of `resilience` are put together there, around the exchange over HTTP.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import httpx
import structlog

from chassis.context import current_request
from resilience.deadline import Deadline, attempt, current_deadline
from resilience.errors import Rejection
from services.gateway.answer import Answer, explanation, read
from services.gateway.failures import CallFailed, ConnectionBroke, Unreachable, UpstreamError
from services.gateway.metrics import DependencyMetrics
from services.gateway.problem import problem
from services.gateway.transport import COMMON_HEADERS, open_client

# Kept back from the request's time, so that it is this gateway that says which dependency was too late.
_OWN_ANSWER_S = 0.02

log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a dependency; `target` is a path and, if need be, a query, both encoded."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class DependencyOptions:
    """How much of the gateway one dependency may take up."""

    timeout_s: float
    connections: int
    keep_alive_s: float
    max_answer_bytes: int


class Dependency:
    """A service that the gateway calls, over a pool of connections of its own."""

    def __init__(self, name: str, base_url: str, options: DependencyOptions, metrics: DependencyMetrics) -> None:
        self.name = name
        self._base_url = base_url
        self._options = options
        self._metrics = metrics
        self._client: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Hold the pool open; nothing is connected before the first call."""
        options = self._options
        client = open_client(connections=options.connections, keep_alive_s=options.keep_alive_s)
        async with client:
            self._client = client
            yield

    async def call(self, call: Call) -> Answer:
        """The dependency's answer, 4xx too, or a Problem that names the dependency and the reason."""
        deadline = _call_deadline()
        with self._metrics.call(self.name) as record:
            try:
                answer = await attempt(lambda: self._exchange(call, deadline), self._options.timeout_s, deadline)
            except (CallFailed, Rejection) as failure:
                record.outcome = failure.reason
                log.warning("call_failed", dependency=self.name, reason=failure.reason, error=str(failure))
                if isinstance(failure, UpstreamError) and failure.explanation is not None:
                    return failure.explanation
                raise problem(failure, self.name) from failure
            record.outcome = "answered"
            return answer

    async def _exchange(self, call: Call, deadline: Deadline) -> Answer:
        """One request, one answer read to its end, with everything that can go wrong as a CallFailed."""
        assert self._client is not None, "call inside lifespan()"
        headers = {**COMMON_HEADERS, **call.headers, **_travelling_headers(deadline)}
        # Not the client's build_request: it merges addresses and headers for as long as the rest of httpx takes.
        request = httpx.Request(call.method, self._base_url + call.target, headers=headers, content=call.body)
        try:
            response = await self._client.send(request, stream=True)
            try:
                answer = await read(response, self._base_url, self._options.max_answer_bytes)
            finally:
                await response.aclose()
        except httpx.ConnectError as error:
            raise Unreachable(str(error)) from error
        except httpx.TransportError as error:
            raise ConnectionBroke(str(error)) from error
        except aiohttp.ClientError as error:
            raise UpstreamError(f"it did not speak HTTP: {error}") from error
        if answer.status < 300 or 400 <= answer.status < 500:
            return answer
        raise UpstreamError(f"it answered with status {answer.status}", explanation(answer, self.name))


def _call_deadline() -> Deadline:
    deadline = current_deadline.get()
    assert deadline is not None, "the envelope gives every request a deadline"
    return Deadline(deadline.at_s - _OWN_ANSWER_S, deadline.clock)


def _travelling_headers(deadline: Deadline) -> dict[str, str]:
    request = current_request.get()
    headers = request.child_headers() if request else {}
    headers["X-Deadline-Ms"] = str(max(1, int(deadline.remaining_s() * 1000)))
    return headers
