"""The options of the patterns around each dependency. `resilience/options.py` has the defaults of the other options.

A circuit stays open for 1 to 2.5 s; the default is 5 to 60 s. On a local network, three probes every two seconds cost
almost nothing, and visitors get answers again soon after the service has recovered.
"""

import json
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from resilience.options import (
    SHARED_POOL,
    CircuitBreakerOptions,
    PipelineOptions,
    RetryOptions,
    StaleCacheOptions,
)

T = TypeVar("T")

_BREAKER = CircuitBreakerOptions(open_wait_s=1.0, max_open_wait_s=2.5)
# If a service asks to wait longer than this, the gateway does not retry. The client decides whether to wait.
_RETRY = RetryOptions(max_retry_after_s=0.5)
# After a write, a client must see the new data. So the cache never serves data that can change as fresh.
_STALE_ONLY = StaleCacheOptions(fresh_s=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyOptions(PipelineOptions):
    """The options of all patterns around one dependency."""

    circuit_breaker: CircuitBreakerOptions = _BREAKER
    retry: RetryOptions = _RETRY
    stale_cache: StaleCacheOptions = field(default_factory=StaleCacheOptions)

    @property
    def connections(self) -> int:
        """The largest number of calls at the same time.

        While the bulkheads are switched on or off, earlier calls still hold slots of the pool that was used before.
        """
        return self.bulkhead.max_concurrent + SHARED_POOL.max_concurrent


# The load balancer waits 1 s for a replica that hangs, then tries the next one. So there is time for two of them.
PRODUCTS = DependencyOptions(attempt_timeout_s=2.5)
CUSTOMERS = DependencyOptions(stale_cache=_STALE_ONLY)
ORDERS = DependencyOptions(stale_cache=_STALE_ONLY)


def from_json(defaults: DependencyOptions, text: str) -> DependencyOptions:
    """The defaults with the changes of a JSON object: `{"bulkhead": {"max_concurrent": 10}}`. Raises ValueError."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    return _changed(defaults, given, "the value")


def _changed(options: T, given: object, name: str) -> T:
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be an object")
    known = {option.name: getattr(options, option.name) for option in fields(options)}  # type: ignore[arg-type]
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise ValueError(f"{unknown[0]} is unknown; known are {', '.join(known)}")
    changes: dict[str, Any] = {option: _value(option, known[option], value) for option, value in given.items()}
    return replace(options, **changes)  # type: ignore[type-var]


def _value(name: str, default: object, given: object) -> object:
    if is_dataclass(default):
        return _changed(default, given, name)
    if isinstance(given, bool) or not isinstance(given, int if isinstance(default, int) else int | float):
        raise ValueError(f"{name} must be a {'whole number' if isinstance(default, int) else 'number'}")
    return given
