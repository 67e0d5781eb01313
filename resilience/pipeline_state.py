"""What a pipeline is told and what it shows: its switches, and the snapshot of all its patterns."""

from dataclasses import dataclass

from resilience.bulkhead import BulkheadSnapshot
from resilience.circuit_breaker import CircuitBreakerSnapshot
from resilience.fallback import FallbackSnapshot
from resilience.retry_budget import RetryBudgetSnapshot


@dataclass(frozen=True, slots=True)
class Switches:
    """Which patterns work, each on its own.

    Off: the client waits for ever; every call is dispatched; one pool for all services; one attempt; retries without a
    budget, though counted; nothing from the cache, and a call for each who asks.
    """

    timeouts: bool = True
    circuit_breakers: bool = True
    bulkheads: bool = True
    retries: bool = True
    retry_budgets: bool = True
    fallbacks: bool = True


@dataclass(frozen=True, slots=True)
class PipelineSnapshot:
    """What a dashboard shows of one dependency; counts are since the start."""

    name: str
    switches: Switches
    circuit_breaker: CircuitBreakerSnapshot
    bulkhead: BulkheadSnapshot
    retry_budget: RetryBudgetSnapshot
    fallback: FallbackSnapshot | None
    in_flight: int
    succeeded: int
    failed: int
    ignored: int
    rejected: dict[str, int]
