"""One dependency: everything that the gateway knows about calling Products, Customers or Orders.

`call` is the one way in. The patterns of `resilience` are put together here, around the exchange over HTTP.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from chassis.context import current_request
from chassis.tracing import Tracing
from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.errors import BulkheadFull, CallFailed, CircuitOpen, Rejection
from resilience.events import Announcer
from resilience.fallback import Fallback, Keep, Served
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.stale_cache import StaleCache
from services.gateway.answer import Answer, explanation, size_bytes
from services.gateway.attempt_spans import AttemptSpans
from services.gateway.events import log_event
from services.gateway.failures import UpstreamError
from services.gateway.metrics import DependencyMetrics
from services.gateway.options import DependencyOptions
from services.gateway.problem import problem
from services.gateway.reply import Reply
from services.gateway.transport import Exchanges, open_transport

# Kept back from the request's time, so that it is this gateway that says which dependency was too late.
_OWN_ANSWER_S = 0.02

log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of a dependency; `target` is a path and, if need be, a query, both encoded.

    A read is remembered, and may be served stale. What is `idempotent` may be sent again after a failure.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    idempotent: bool = True

    @property
    def is_read(self) -> bool:
        return self.method == "GET"


class Dependency:
    """A service that the gateway calls, over a pool of connections and through a pipeline of its own."""

    def __init__(
        self,
        name: str,
        base_url: str,
        options: DependencyOptions,
        metrics: DependencyMetrics,
        *,
        shared_pool: Bulkhead,
        keep_alive_s: float,
        max_answer_bytes: int,
        traces: Tracing | None = None,
    ) -> None:
        self.name = name
        announcer = Announcer([log_event, metrics.listen])
        self._spans = AttemptSpans(name, traces.tracer) if traces is not None else None
        if self._spans is not None:
            announcer.listeners.append(self._spans.listen)
        cache = StaleCache(options.stale_cache, size_of=size_bytes)
        self.pipeline = Pipeline(
            name,
            options,
            fallback=Fallback(name, cache, keep=_keep, announcer=announcer),
            shared_pool=shared_pool,
            classify_answer=_classify,
            announcer=announcer,
        )
        self._base_url = base_url
        self._options = options
        self._metrics = metrics
        self._keep_alive_s = keep_alive_s
        self._max_answer_bytes = max_answer_bytes
        self._transport: Exchanges | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Hold the connections open; nothing is connected before the first call."""
        async with open_transport(
            self._base_url,
            connections=self._options.connections,
            keep_alive_s=self._keep_alive_s,
            max_answer_bytes=self._max_answer_bytes,
        ) as transport:
            self._transport = transport if self._spans is None else self._spans.around(transport)
            yield

    async def call(self, call: Call) -> Reply:
        """The dependency's answer, 4xx too, or a stale one; or a Problem that names the dependency and the reason."""
        attempts = 0

        async def exchange() -> Answer:
            nonlocal attempts
            attempts += 1
            return await self._exchange(call)

        deadline = current_deadline.get()
        if deadline is not None:
            current_deadline.set(Deadline(deadline.at_s - _OWN_ANSWER_S, deadline.clock))
        with self._metrics.call(self.name) as record:
            try:
                if call.is_read:
                    served = await self.pipeline.cached_call(call.target, exchange)
                else:
                    served = Served(await self.pipeline.call(exchange, call.idempotent))
            except (CallFailed, Rejection) as failure:
                record.outcome = failure.reason
                return self._explained(failure, attempts)
            finally:
                current_deadline.set(deadline)
            record.outcome = "stale" if served.stale else "cached" if served.remembered else "answered"
            return Reply(self.name, served, attempts, self._options.stale_cache.fresh_s if call.is_read else None)

    def _explained(self, failure: CallFailed | Rejection, attempts: int) -> Reply:
        """What the service itself says of its failure, if it did so fit for the client; raises a Problem if not."""
        if not isinstance(failure, CircuitOpen | BulkheadFull):
            log.warning("call_failed", dependency=self.name, reason=failure.reason, error=str(failure))
        if isinstance(failure, UpstreamError) and failure.explanation is not None:
            return Reply(self.name, Served(failure.explanation), attempts)
        raise problem(failure, self.name, attempts) from failure

    async def _exchange(self, call: Call) -> Answer:
        """One request, one answer; an answer with which the service says that it failed is an UpstreamError."""
        assert self._transport is not None, "call inside lifespan()"
        headers = {**call.headers, **_travelling_headers()}
        answer = await self._transport.exchange(call.method, call.target, headers, call.body)
        if answer.status < 300 or 400 <= answer.status < 500:
            return answer
        told = f"it answered with status {answer.status}"
        raise UpstreamError(told, explanation(answer, self.name), answer.retry_after_s)


def _classify(answer: object) -> Outcome:
    """Whoever is asked for less is overloaded; all other 4xx are the client's own doing."""
    return Outcome.FAILURE if isinstance(answer, Answer) and answer.status == 429 else Outcome.SUCCESS


def _keep(answer: Answer) -> Keep:
    """What is gone is forgotten; what the service does not want kept, or cannot say, changes nothing."""
    if answer.status in (404, 410):
        return Keep.FORGET
    storable = answer.status == 200 and b"no-store" not in answer.headers.get(b"cache-control", b"")
    return Keep.STORE if storable else Keep.LEAVE


def _travelling_headers() -> dict[str, str]:
    request, deadline = current_request.get(), current_deadline.get()
    headers = request.child_headers() if request else {}
    if deadline is not None:
        headers["X-Deadline-Ms"] = str(max(1, int(deadline.remaining_s() * 1000)))
    return headers
