"""The patterns around each dependency: the library's defaults where nothing is said here.

The open wait is 1 to 2.5 s where the library's is 5 to 60 s: three probes every other second cost a service on the
same network nothing, and who has mended it need not wait to see it served again.
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
# A service that asks for more patience than this has its caller told so instead: he knows whether he has it.
_RETRY = RetryOptions(max_retry_after_s=0.5)
# Who has just changed something wants to see it changed: what may be written is never served unasked.
_STALE_ONLY = StaleCacheOptions(fresh_s=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyOptions(PipelineOptions):
    """How much of the gateway one dependency may take up, and what is made of its failures."""

    circuit_breaker: CircuitBreakerOptions = _BREAKER
    retry: RetryOptions = _RETRY
    stale_cache: StaleCacheOptions = field(default_factory=StaleCacheOptions)

    @property
    def connections(self) -> int:
        """As many as there can be calls at a time.

        When the bulkheads are switched, the calls of before keep theirs until they end.
        """
        return self.bulkhead.max_concurrent + SHARED_POOL.max_concurrent


# The load balancer gives a hung replica its whole read timeout (1 s) before it asks the next: two hung ones fit.
PRODUCTS = DependencyOptions(attempt_timeout_s=2.5)
CUSTOMERS = DependencyOptions(stale_cache=_STALE_ONLY)
ORDERS = DependencyOptions(stale_cache=_STALE_ONLY)


def from_json(defaults: DependencyOptions, text: str) -> DependencyOptions:
    """The defaults, but for what the JSON object names: `{"bulkhead": {"max_concurrent": 10}}`. Raises ValueError."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    return _changed(defaults, given, "the whole")


def _changed(options: T, given: object, name: str) -> T:
    if not isinstance(given, dict):
        raise ValueError(f"{name} must be an object")
    known = {each.name: getattr(options, each.name) for each in fields(options)}  # type: ignore[arg-type]
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise ValueError(f"{unknown[0]} is unknown; known are {', '.join(known)}")
    changes: dict[str, Any] = {each: _value(each, known[each], value) for each, value in given.items()}
    return replace(options, **changes)  # type: ignore[type-var]


def _value(name: str, default: object, given: object) -> object:
    if is_dataclass(default):
        return _changed(default, given, name)
    if isinstance(given, bool) or not isinstance(given, int if isinstance(default, int) else int | float):
        raise ValueError(f"{name} must be a {'whole number' if isinstance(default, int) else 'number'}")
    return given
