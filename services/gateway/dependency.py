"""One dependency of the gateway: Products, Customers or Orders, with the patterns around every call.

Every call goes through `Dependency.call`. `resilience/pipeline.py` shows the order of the patterns.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog

from chassis.http_client import http_client
from chassis.tracing import Tracing
from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.errors import BulkheadFull, CallFailed, CircuitOpen, Rejection
from resilience.events import Announcer
from resilience.fallback import CacheAction, Fallback, Served
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.stale_cache import StaleCache
from services.gateway.answer import Answer, Reply, size_bytes
from services.gateway.attempt_spans import AttemptSpans
from services.gateway.events import log_event
from services.gateway.metrics import DependencyMetrics
from services.gateway.options import DependencyOptions
from services.gateway.problems import explanation, problem
from services.gateway.transport import Call, Exchanges, Transport

# The gateway reserves this part of the request's time to report which dependency was too slow.
_OWN_TIME_S = 0.02

log = structlog.get_logger("gateway")


class Dependency:
    """A service that the gateway calls, with its own HTTP client and its own pipeline of patterns."""

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
            fallback=Fallback(name, cache, cache_action=_cache_action, announcer=announcer),
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
        """Keep the HTTP client open. It connects when the first call is made."""
        connections, keep_alive_s = self._options.connections, self._keep_alive_s
        async with http_client(
            connections=connections, keep_alive_s=keep_alive_s, user_agent="afloat-gateway"
        ) as client:
            transport = Transport(client, self._base_url, self._max_answer_bytes)
            self._transport = transport if self._spans is None else self._spans.around(transport)
            yield

    async def call(self, call: Call) -> Reply:
        """The answer of the dependency, which can be a 4xx, or a stale answer.

        If there is no answer, raises a Problem that names the dependency and the reason.
        """
        attempts = 0

        async def attempt() -> Answer:
            nonlocal attempts
            attempts += 1
            assert self._transport is not None, "call only inside lifespan()"
            return await self._transport.exchange(call)

        is_read = call.method == "GET"
        with self._metrics.call(self.name) as record, _earlier_deadline():
            try:
                if is_read:
                    served = await self.pipeline.cached_call(call.target, attempt)
                else:
                    served = Served(await self.pipeline.call(attempt, idempotent=True))
            except (CallFailed, Rejection) as failure:
                record.outcome = failure.reason
                return self._reply_to_failure(failure, attempts)
            record.outcome = "stale" if served.stale else "cached" if served.remembered else "answered"
            return Reply(self.name, served, attempts, self._options.stale_cache.fresh_s if is_read else None)

    def _reply_to_failure(self, failure: CallFailed | Rejection, attempts: int) -> Reply:
        """The dependency's own problem document, if a client may see it. Otherwise raises the gateway's Problem."""
        if not isinstance(failure, CircuitOpen | BulkheadFull):
            log.warning("call_failed", dependency=self.name, reason=failure.reason, error=str(failure))
        explained = explanation(failure, self.name)
        if explained is None:
            raise problem(failure, self.name, attempts) from failure
        return Reply(self.name, Served(explained), attempts)


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The services that the gateway calls."""

    products: Dependency
    customers: Dependency
    orders: Dependency


def _classify(answer: object) -> Outcome:
    """A 429 is a failure: the dependency is overloaded. Every other 4xx is an error of the client."""
    return Outcome.FAILURE if isinstance(answer, Answer) and answer.status == 429 else Outcome.SUCCESS


def _cache_action(answer: Answer) -> CacheAction:
    """A 404 deletes the stored answer. A 200 replaces it. A 422 or a 429 does not change it."""
    if answer.status in (404, 410):
        return CacheAction.FORGET
    storable = answer.status == 200 and b"no-store" not in answer.headers.get(b"cache-control", b"")
    return CacheAction.STORE if storable else CacheAction.LEAVE


@contextmanager
def _earlier_deadline() -> Iterator[None]:
    deadline = current_deadline.get()
    if deadline is not None:
        current_deadline.set(Deadline(deadline.at_s - _OWN_TIME_S, deadline.clock))
    try:
        yield
    finally:
        current_deadline.set(deadline)
