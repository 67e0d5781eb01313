"""Options: every number of the patterns, with its default and its range."""

import math
from dataclasses import dataclass, field, fields
from typing import TypeVar

N = TypeVar("N", int, float)


def within(default: N, lowest: float | str, highest: float) -> N:
    """A number and its range. `lowest` can be the name of another option: its value is then the lowest."""
    option: N = field(default=default, metadata={"within": (lowest, highest)})
    return option


class Options:
    """Numbers whose ranges are checked when the object is made. Raises ValueError."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for option in fields(self):  # type: ignore[arg-type]  # its subclasses are dataclasses
            if "within" in option.metadata:
                lowest, highest = option.metadata["within"]
                self._check(option.name, getattr(self, lowest) if isinstance(lowest, str) else lowest, highest)

    def _check(self, name: str, lowest: float, highest: float) -> None:
        value = getattr(self, name)
        if not lowest <= value <= highest:
            raise ValueError(f"{name} is {value}: it must be from {lowest} to {highest}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBreakerOptions(Options):
    """When a breaker opens, for how long, and what closes it.

    The rates are shares of the calls in the window. The open wait begins at `open_wait_s` and doubles each time when
    the circuit opens again. It is then up to `open_wait_jitter` (a share) longer or shorter, at random. It is never
    longer than `max_open_wait_s`. A probe that takes longer than `probe_timeout_s` has failed.
    """

    window_s: float = within(10.0, 0.1, 3600)
    minimum_calls: int = within(20, 1, 1_000_000)
    failure_rate: float = within(0.5, 0.01, 1)
    consecutive_failures: int = within(5, 1, 1_000_000)
    slow_call_s: float = within(1.0, 0.001, 3600)
    slow_call_rate: float = within(1.0, 0.01, 1)
    open_wait_s: float = within(5.0, 0.001, 3600)
    max_open_wait_s: float = within(60.0, "open_wait_s", 86400)
    open_wait_jitter: float = within(0.2, 0, 0.9)
    permitted_calls: int = within(3, 1, 1000)
    probe_timeout_s: float = within(10.0, 0.001, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkheadOptions(Options):
    """How many calls may be under way, how many may wait for a slot, and for how long."""

    max_concurrent: int = within(25, 1, 100_000)
    max_queued: int = within(25, 0, 1_000_000)
    max_wait_s: float = within(0.1, 0, math.inf)


# All services share this pool while the bulkheads are switched off. Its queue is practically unlimited.
SHARED_POOL = BulkheadOptions(max_concurrent=100, max_queued=1_000_000, max_wait_s=math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions(Options):
    """How many attempts an idempotent call has, with the first one, and how long it waits between them.

    If a service asks its callers to wait longer than `max_retry_after_s`, the call is not retried.
    """

    max_attempts: int = within(3, 1, 20)
    first_backoff_s: float = within(0.05, 0.001, 60)
    max_backoff_s: float = within(1.0, "first_backoff_s", 600)
    max_retry_after_s: float = within(2.0, 0, 3600)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryBudgetOptions(Options):
    """How many retries are allowed in a window: `ratio` times the original calls, but at least `min_retries`."""

    ratio: float = within(0.2, 0, 1)
    window_s: float = within(10.0, 0.1, 3600)
    min_retries: int = within(3, 0, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleCacheOptions(Options):
    """The limits of the cache. A fresh answer replaces the call. A stale answer replaces only a failed call."""

    max_entries: int = within(1000, 1, 1_000_000)
    max_bytes: int = within(16 * 1024 * 1024, 1, 2**40)
    fresh_s: float = within(2.0, 0, 3600)
    stale_s: float = within(300.0, "fresh_s", 86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions(Options):
    """The options of every pattern around one service."""

    attempt_timeout_s: float = within(1.0, 0.001, 3600)
    circuit_breaker: CircuitBreakerOptions = field(default_factory=CircuitBreakerOptions)
    bulkhead: BulkheadOptions = field(default_factory=BulkheadOptions)
    retry: RetryOptions = field(default_factory=RetryOptions)
    retry_budget: RetryBudgetOptions = field(default_factory=RetryBudgetOptions)
