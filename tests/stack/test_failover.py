"""Faults under load, on every runtime: the number of failed requests is the test. `make failover` shows the times."""

import pytest

from lab.connection import Connections
from lab.failover import FAULTS, RATE, ROUTES, possible, trial
from lab.hands import patiently
from lab.request import searches
from stack import faults
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


@pytest.mark.parametrize("routes", [ROUTES, ROUTES[:1]], ids=["both", "the search itself"])
async def test_what_a_failure_of_before_has_left_is_not_the_faults(
    main_runtime: Runtime, routes: tuple[str, ...]
) -> None:
    """An open circuit turns visitors away, and one that is half open all but a few at once."""
    visitors = Connections((await patiently(main_runtime.status)).url)
    await patiently(faults.inject, main_runtime, "products", {"kind": "error", "status": 500, "for_s": 120})
    try:
        for search in searches("/api/products"):
            answer = await visitors.send(search, 30)
            if "circuit" in answer.headers.get("x-patterns", ""):
                break
    finally:
        await patiently(faults.clear, main_runtime)
        await visitors.close()

    done = await trial(main_runtime, "kill one", *routes)

    assert done.result.failures == {}
