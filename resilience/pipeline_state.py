"""What can be switched in a pipeline, and what it shows."""

from dataclasses import dataclass

from resilience.bulkhead import BulkheadSnapshot
from resilience.circuit_breaker import CircuitBreakerSnapshot
from resilience.fallback import FallbackSnapshot
from resilience.retry_budget import RetryBudgetSnapshot


@dataclass(frozen=True, slots=True)
class Switches:
    """Which patterns work; each can be switched off alone.

    Without timeouts a call waits for ever. Without circuit breakers every call is dispatched. Without bulkheads all
    services share one pool. Without retries there is one attempt. Without retry budgets every retry is made, and
    counted. Without fallbacks nothing comes from the cache, and every caller makes a call.
    """

    timeouts: bool = True
    circuit_breakers: bool = True
    bulkheads: bool = True
    retries: bool = True
    retry_budgets: bool = True
    fallbacks: bool = True


@dataclass(frozen=True, slots=True)
class PipelineSnapshot:
    """What a dashboard shows of one dependency. Counts are since the start."""

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
