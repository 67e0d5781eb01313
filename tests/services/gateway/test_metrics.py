"""The metrics of the dependencies. Each of them is there before the first call."""

import pytest

from services.gateway.metrics import OUTCOMES
from tests.services.gateway.conftest import Gateway


@pytest.mark.parametrize("dependency", ["products", "customers", "orders"])
async def test_every_outcome_is_zero_before_the_first_call(gateway: Gateway, dependency: str) -> None:
    for outcome in OUTCOMES:
        assert await gateway.metric("afloat_dependency_calls_total", dependency=dependency, outcome=outcome) == 0
    assert await gateway.metric("afloat_dependency_call_duration_seconds_count", dependency=dependency) == 0
    assert await gateway.metric("afloat_dependency_in_flight_calls", dependency=dependency) == 0


async def test_an_answered_call_is_counted_and_timed(gateway: Gateway) -> None:
    await gateway.get("/api/products/5")
    assert await gateway.metric("afloat_dependency_calls_total", dependency="products", outcome="answered") == 1
    assert await gateway.metric("afloat_dependency_call_duration_seconds_count", dependency="products") == 1
