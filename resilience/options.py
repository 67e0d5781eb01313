"""Options: every number of the patterns, checked when it is set."""

import math
from dataclasses import dataclass, field


def _check(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} is {value}: it must be from {lowest} to {highest}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBreakerOptions:
    """When a breaker opens, for how long, and what closes it.

    The rates are shares of the calls in the window. The open wait doubles with every reopening from `open_wait_s` up to
    `max_open_wait_s`; `open_wait_jitter` spreads it by that share to either side, the longest one too.
    """

    window_s: float = 10.0
    minimum_calls: int = 20
    failure_rate: float = 0.5
    consecutive_failures: int = 5
    slow_call_s: float = 1.0
    slow_call_rate: float = 1.0
    open_wait_s: float = 5.0
    max_open_wait_s: float = 60.0
    open_wait_jitter: float = 0.2
    permitted_calls: int = 3

    def __post_init__(self) -> None:
        _check("window_s", self.window_s, 0.1, 3600)
        _check("minimum_calls", self.minimum_calls, 1, 1_000_000)
        _check("failure_rate", self.failure_rate, 0.01, 1)
        _check("consecutive_failures", self.consecutive_failures, 1, 1_000_000)
        _check("slow_call_s", self.slow_call_s, 0.001, 3600)
        _check("slow_call_rate", self.slow_call_rate, 0.01, 1)
        _check("open_wait_s", self.open_wait_s, 0.001, 3600)
        _check("max_open_wait_s", self.max_open_wait_s, self.open_wait_s, 86400)
        _check("open_wait_jitter", self.open_wait_jitter, 0, 0.9)
        _check("permitted_calls", self.permitted_calls, 1, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkheadOptions:
    """How many calls may be under way, how many may wait for one to end, and for how long."""

    max_concurrent: int = 25
    max_queued: int = 25
    max_wait_s: float = 0.1

    def __post_init__(self) -> None:
        _check("max_concurrent", self.max_concurrent, 1, 100_000)
        _check("max_queued", self.max_queued, 0, 1_000_000)
        _check("max_wait_s", self.max_wait_s, 0, math.inf)


# What all services share while the bulkheads are switched off: slots for all, and a queue that hardly ends.
SHARED_POOL = BulkheadOptions(max_concurrent=100, max_queued=1_000_000, max_wait_s=math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    """How often a failed idempotent call is tried, the first time included, and how long it waits in between.

    A service that asks for more than `max_retry_after_s` of patience is not tried again.
    """

    max_attempts: int = 3
    first_backoff_s: float = 0.05
    max_backoff_s: float = 1.0
    max_retry_after_s: float = 2.0

    def __post_init__(self) -> None:
        _check("max_attempts", self.max_attempts, 1, 20)
        _check("first_backoff_s", self.first_backoff_s, 0.001, 60)
        _check("max_backoff_s", self.max_backoff_s, self.first_backoff_s, 600)
        _check("max_retry_after_s", self.max_retry_after_s, 0, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryBudgetOptions:
    """Retries as a share of the original calls in the window; `min_retries` are allowed however few those are."""

    ratio: float = 0.2
    window_s: float = 10.0
    min_retries: int = 3

    def __post_init__(self) -> None:
        _check("ratio", self.ratio, 0, 1)
        _check("window_s", self.window_s, 0.1, 3600)
        _check("min_retries", self.min_retries, 0, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleCacheOptions:
    """How much is remembered; served without asking while fresh, and in place of a failed call while stale."""

    max_entries: int = 1000
    max_bytes: int = 16 * 1024 * 1024
    fresh_s: float = 2.0
    stale_s: float = 300.0

    def __post_init__(self) -> None:
        _check("max_entries", self.max_entries, 1, 1_000_000)
        _check("max_bytes", self.max_bytes, 1, 2**40)
        _check("fresh_s", self.fresh_s, 0, 3600)
        _check("stale_s", self.stale_s, self.fresh_s, 86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions:
    """The options of every pattern around one service."""

    attempt_timeout_s: float = 1.0
    circuit_breaker: CircuitBreakerOptions = field(default_factory=CircuitBreakerOptions)
    bulkhead: BulkheadOptions = field(default_factory=BulkheadOptions)
    retry: RetryOptions = field(default_factory=RetryOptions)
    retry_budget: RetryBudgetOptions = field(default_factory=RetryBudgetOptions)

    def __post_init__(self) -> None:
        _check("attempt_timeout_s", self.attempt_timeout_s, 0.001, 3600)
