"""Faults under load, on every runtime: the number of failed requests is the test. `make failover` shows the times."""

import pytest

from lab.failover import FAULTS, RATE, ROUTES, possible, trial
from stack.runtime import Runtime

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("punctual")]


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_request_fails_when(stack_runtime: Runtime, fault: str) -> None:
    """Neither of those who ask the search itself nor of those who ask the gateway."""
    if fault not in possible(stack_runtime):
        pytest.skip("plain processes share one network: only Docker can cut a replica off it")

    done = await trial(stack_runtime, fault, *ROUTES)

    assert done.result.failures == {}
    assert done.result.sent > RATE
