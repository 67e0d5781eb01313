"""Faults in the services of a running stack, on every runtime: felt, counted, and over by themselves."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from lab.hands import patiently
from lab.load import OpenLoop, searches
from stack import faults
from stack.errors import NotPossibleHere, StackError, Unanswered
from stack.model import Replica
from stack.runtime import Runtime
from stack.waiting import until
from tests.stack.conftest import RateOf
from tests.stack.visitors import fetch

_PRODUCT = "/products/1"
_DEADLINE_S = 60.0
# Each look takes the docker command twice: more often, and the looking would take the time of those that serve.
_LOOK_S = 0.5

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("punctual")]


def replica(runtime: Runtime, name: str) -> Replica:
    return next(each for each in runtime.status().replicas if each.name == name)


def serves(runtime: Runtime, name: str) -> bool:
    try:
        return runtime.ask(name, "GET", _PRODUCT, timeout_s=1).status == 200
    except StackError:
        return False


def wait_until_restarted(runtime: Runtime, before: Replica) -> None:
    name = before.name
    until(
        lambda: replica(runtime, name).restarts > before.restarts,
        _DEADLINE_S,
        lambda: f"{name} does not die: {replica(runtime, name)}",
        _LOOK_S,
    )


def test_replicas_are_asked_on_their_own_ports_several_at_once(stack_runtime: Runtime) -> None:
    names = [f"products-{number}" for number in (1, 2, 3)] * 2

    with ThreadPoolExecutor(len(names)) as pool:
        replies = list(pool.map(lambda name: stack_runtime.ask(name, "GET", "/metrics"), names))

    assert [reply.status for reply in replies] == [200] * len(names)
    assert all(b'afloat_faults_active{kind="latency"} 0' in reply.body for reply in replies)
    assert stack_runtime.ask("products-1", "GET", "/no/such").status == 404


def test_what_cannot_be_asked_says_so(stack_runtime: Runtime) -> None:
    stack_runtime.pause("products-2")
    with pytest.raises(Unanswered, match="products-2 is paused"):
        stack_runtime.ask("products-2", "GET", "/livez", timeout_s=0.5)
    stack_runtime.resume("products-2")

    with pytest.raises(NotPossibleHere, match="lb-1 cannot be asked"):
        stack_runtime.ask("lb-1", "GET", "/")


def test_a_fault_strikes_one_replica_and_ends_by_itself(stack_runtime: Runtime) -> None:
    latency = {"kind": "latency", "delay_ms": 30_000}
    faults.inject(stack_runtime, "products-1", {**latency, "for_s": 120})
    try:
        with pytest.raises(Unanswered, match="no answer within"):
            stack_runtime.ask("products-1", "GET", _PRODUCT, timeout_s=0.5)
        struck = {name: [each["kind"] for each in on] for name, on in faults.active(stack_runtime).faults.items() if on}
        assert struck == {"products-1": ["latency"]}
        assert stack_runtime.ask("products-2", "GET", _PRODUCT, timeout_s=10).status == 200
    finally:
        # In its place comes one whose end alone is waited for: nobody has to be quick enough to see it begin.
        faults.inject(stack_runtime, "products-1", {**latency, "for_s": 1})

    until(lambda: serves(stack_runtime, "products-1"), _DEADLINE_S, lambda: "it goes on")
    assert not any(faults.active(stack_runtime).faults.values())


def test_every_replica_of_a_service_is_struck_and_cleared_at_once(stack_runtime: Runtime) -> None:
    product = f"{stack_runtime.status().url}{_PRODUCT}"

    try:
        struck = faults.inject(stack_runtime, "products", {"kind": "error", "status": 418, "for_s": 60})
        during = fetch(product)[0]
    finally:
        faults.clear(stack_runtime)

    assert struck == ["products-1", "products-2", "products-3"]
    assert during == 418
    assert fetch(product)[0] == 200


def test_visitors_cannot_put_faults_in(stack_runtime: Runtime) -> None:
    assert fetch(f"{stack_runtime.status().url}/faults")[0] == 404


def test_a_service_that_crashes_is_back_by_itself(stack_runtime: Runtime) -> None:
    before = replica(stack_runtime, "customers-1")

    faults.inject(stack_runtime, "customers", {"kind": "crash", "for_s": 1})

    wait_until_restarted(stack_runtime, before)
    until(
        lambda: fetch(f"{stack_runtime.status().url}/api/customers/1")[0] == 200,
        _DEADLINE_S,
        lambda: "customers is not back",
    )
    assert replica(stack_runtime, "customers-1").restarts == before.restarts + 1


async def test_a_replica_that_leaks_dies_at_its_limit_and_no_request_fails(
    stack_runtime: Runtime, rate_of: RateOf
) -> None:
    rate = await rate_of(stack_runtime)
    before = await patiently(replica, stack_runtime, "products-2")
    url = (await patiently(stack_runtime.status)).url

    async with OpenLoop(url, rate=rate, requests=searches()) as load:
        leak = {"kind": "leak", "mib_per_s": 100, "for_s": 60}
        await patiently(faults.inject, stack_runtime, "products-2", leak)
        await patiently(wait_until_restarted, stack_runtime, before)
        died_s = monotonic()
        async with asyncio.timeout(_DEADLINE_S):
            while load.seen.get("products-2", 0.0) < died_s:
                await asyncio.sleep(0.05)

    assert load.result().failures == {}
    assert (await patiently(replica, stack_runtime, "products-2")).restarts == before.restarts + 1
    assert (await patiently(stack_runtime.ask, "products-2", "GET", "/faults")).json() == {"faults": []}
