"""A bare 500 may be about the request and not about the service: one bad request must not reject the others.

All calls are made at a steady rate in fake time, through a pipeline with the default options.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from random import Random

import pytest

from resilience.errors import CircuitOpen
from tests.resilience.conftest import clock_of_the_loop, run
from tests.resilience.service import BadRequest, begin, outcome, pipeline_in, state

Call = Callable[[], Awaitable[str]]
# More than the window of the breaker.
SECONDS = 15


async def honest() -> str:
    return await asyncio.sleep(0.01, "answer")


async def poison() -> str:
    await asyncio.sleep(0.01)
    raise BadRequest


async def results_of(calls: Sequence[Call], rate: int) -> tuple[list[object], str]:
    """What every call came to, and the state of the circuit after the last one."""
    pipeline = pipeline_in(clock_of_the_loop())
    tasks = []
    for call in calls:
        tasks.append(begin(outcome(pipeline.call(call, idempotent=True))))
        await asyncio.sleep(1 / rate)
    return [await task for task in tasks], state(pipeline)


@pytest.mark.parametrize("rate", [10, 100])
@pytest.mark.parametrize("seed", range(20))
def test_with_one_poison_request_in_five_no_honest_call_is_rejected(rate: int, seed: int) -> None:
    async def scenario() -> None:
        random = Random(seed)
        calls = [poison if random.random() < 1 / 5 else honest for _ in range(SECONDS * rate)]
        results, state_after = await results_of(calls, rate)
        expected = {honest: "answer", poison: BadRequest}
        assert results == [expected[call] for call in calls]
        assert state_after == "closed"

    run(scenario)


@pytest.mark.parametrize("rate", [10, 100])
def test_a_service_that_fails_every_request_opens_the_circuit(rate: int) -> None:
    async def scenario() -> None:
        results, _ = await results_of([poison] * SECONDS * rate, rate)
        assert results[:19] == [BadRequest] * 19
        assert results.count(CircuitOpen) > len(results) / 2

    run(scenario)


@pytest.mark.parametrize("rate", [10, 100])
@pytest.mark.parametrize("grey", [0, 1, 2])
def test_one_grey_replica_of_three_does_not_open_the_circuit(rate: int, grey: int) -> None:
    """The load balancer asks the replicas in turn, so the retry gets the answer of another one."""

    async def scenario() -> None:
        turns = count()

        async def balanced() -> str:
            return await (poison() if next(turns) % 3 == grey else honest())

        results, state_after = await results_of([balanced] * SECONDS * rate, rate)
        assert state_after == "closed"
        assert CircuitOpen not in results

    run(scenario)
