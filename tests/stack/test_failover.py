"""Faults under load, on every runtime: no request may fail. `make failover` shows the times."""

import pytest

from lab.connection import Connections
from lab.failover import ROUTES, trial
from lab.failover_faults import FAULTS, possible
from lab.hands import patiently
from lab.request import searches
from stack import faults
from stack.runtime import Runtime
from tests.stack.conftest import RateOf

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("punctual")]


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_request_fails_when(stack_runtime: Runtime, rate_of: RateOf, fault: str) -> None:
    """Half of the requests go to the search itself, half through the gateway."""
    if fault not in possible(stack_runtime):
        pytest.skip("plain processes share one network: only Docker can cut a replica off it")

    rate = await rate_of(stack_runtime)

    done = await trial(stack_runtime, fault, *ROUTES, rate=rate)

    assert done.result.failures == {}
    assert done.result.sent > rate


@pytest.mark.parametrize("routes", [ROUTES, ROUTES[:1]], ids=["both", "the search itself"])
async def test_a_circuit_that_was_open_before_costs_the_trial_no_request(
    main_runtime: Runtime, rate_of: RateOf, routes: tuple[str, ...]
) -> None:
    """An open circuit rejects every visitor, and a half-open one all but a few."""
    rate = await rate_of(main_runtime)
    visitors = Connections((await patiently(main_runtime.status)).url)
    await patiently(faults.inject, main_runtime, "products", {"kind": "error", "status": 502, "for_s": 120})
    try:
        for search in searches("/api/products"):
            answer = await visitors.send(search, 30)
            if "circuit" in answer.headers.get("x-patterns", ""):
                break
    finally:
        await patiently(faults.clear, main_runtime)
        await visitors.close()

    done = await trial(main_runtime, "kill one", *routes, rate=rate)

    assert done.result.failures == {}
