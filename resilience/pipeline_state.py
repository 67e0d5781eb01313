"""The switches of a pipeline, and its snapshot."""

from dataclasses import dataclass

from resilience.bulkhead import BulkheadSnapshot
from resilience.circuit_breaker import CircuitBreakerSnapshot
from resilience.fallback import FallbackSnapshot
from resilience.retry_budget import RetryBudgetSnapshot


@dataclass(frozen=True, slots=True)
class Switches:
    """Which patterns are on. Each of them can be switched off alone.

    Without timeouts, a call can wait without limit. Without circuit breakers, every call is dispatched. Without
    bulkheads, all services share one pool. Without retries, there is one attempt. Without retry budgets, every retry is
    made and counted. Without fallbacks, every caller makes its own call, and no answer comes from the cache.
    """

    timeouts: bool = True
    circuit_breakers: bool = True
    bulkheads: bool = True
    retries: bool = True
    retry_budgets: bool = True
    fallbacks: bool = True


@dataclass(frozen=True, slots=True)
class PipelineSnapshot:
    """The values for a dashboard, of one service. Counts are totals since the start."""

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
