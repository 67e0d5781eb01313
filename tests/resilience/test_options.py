"""Options that make no sense are refused with a sentence."""

import math
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from resilience import options as all_options
from resilience.options import (
    BulkheadOptions,
    CircuitBreakerOptions,
    PipelineOptions,
    RetryBudgetOptions,
    RetryOptions,
    StaleCacheOptions,
)

EVERY: list[type[Any]] = [
    BulkheadOptions,
    CircuitBreakerOptions,
    PipelineOptions,
    RetryBudgetOptions,
    RetryOptions,
    StaleCacheOptions,
]


def test_the_defaults_are_those_of_the_design() -> None:
    breaker, bulkhead = CircuitBreakerOptions(), BulkheadOptions()
    assert (breaker.failure_rate, breaker.minimum_calls, breaker.window_s) == (0.5, 20, 10)
    assert (breaker.consecutive_failures, breaker.slow_call_rate, breaker.slow_call_s) == (5, 1, 1)
    assert (breaker.open_wait_s, breaker.max_open_wait_s, breaker.open_wait_jitter) == (5, 60, 0.2)
    assert (breaker.permitted_calls, breaker.probe_timeout_s) == (3, 10)
    assert (bulkhead.max_concurrent, bulkhead.max_queued, bulkhead.max_wait_s) == (25, 25, 0.1)
    retry, budget, cache = RetryOptions(), RetryBudgetOptions(), StaleCacheOptions()
    assert (retry.max_attempts, retry.first_backoff_s, retry.max_backoff_s) == (3, 0.05, 1)
    assert (budget.ratio, budget.window_s, budget.min_retries) == (0.2, 10, 3)
    assert (cache.fresh_s, cache.stale_s) == (2, 300)
    assert PipelineOptions().attempt_timeout_s == 1
    assert all_options.SHARED_POOL.max_concurrent == 100


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, field.name) for kind in EVERY for field in fields(kind) if field.type in (int, float)]
)
def test_a_number_out_of_range_is_refused_with_its_name(kind: type[Any], name: str) -> None:
    endless = [] if name == "max_wait_s" else [1e15, math.inf]
    for value in (-1, math.nan, *endless):
        with pytest.raises(ValueError, match=f"{name} is {value}: it must be from"):
            kind(**{name: value})


def test_both_ends_of_a_range_are_in_it() -> None:
    assert BulkheadOptions(max_wait_s=0).max_wait_s == 0
    assert BulkheadOptions(max_wait_s=math.inf).max_wait_s == math.inf
    assert RetryBudgetOptions(ratio=1).ratio == 1
    assert CircuitBreakerOptions(open_wait_s=60).open_wait_s == 60


def test_a_maximum_below_its_minimum_is_refused() -> None:
    with pytest.raises(ValueError, match="max_open_wait_s"):
        CircuitBreakerOptions(open_wait_s=10, max_open_wait_s=5)
    with pytest.raises(ValueError, match="max_backoff_s"):
        RetryOptions(first_backoff_s=2)
    with pytest.raises(ValueError, match="stale_s"):
        StaleCacheOptions(fresh_s=10, stale_s=5)


def test_options_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        BulkheadOptions().max_queued = 3  # type: ignore[misc]  # the very thing that must fail
