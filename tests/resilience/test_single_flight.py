"""Single flight: of many callers that ask for the same one makes the call."""

import asyncio
import gc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.fallback import Served
from resilience.single_flight import SingleFlight
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import (
    ONLY_RETRIES,
    Broken,
    Service,
    begin,
    fail,
    fail_if_cancelled,
    fallback_in,
    outcome,
    pipeline_in,
    settle,
)


async def test_many_callers_that_ask_for_the_same_make_one_call() -> None:
    flights, service = SingleFlight[str](), Service()
    tasks = [begin(flights.call("key", service)) for _ in range(10)]
    other = begin(flights.call("other key", service))
    await settle()
    assert service.dispatched == 2
    service.answer()
    service.answer()
    assert [await task for task in [*tasks, other]] == ["answer"] * 11
    assert flights.followed == 9
    assert "key" not in flights


async def test_all_callers_get_the_error_of_the_call() -> None:
    flights, service = SingleFlight[str](), Service()
    tasks = [begin(flights.call("key", service)) for _ in range(5)]
    await settle()
    service.fail(error=Broken("it", 1.5))
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(error) for error in errors] == ["it"] * 5
    assert service.dispatched == 1


@pytest.mark.parametrize("ticks", range(4))
async def test_if_the_caller_that_makes_the_call_is_cancelled_the_next_one_makes_it(ticks: int) -> None:
    flights, service = SingleFlight[str](), Service()
    tasks = [begin(flights.call("key", service)) for _ in range(5)]
    await settle()
    tasks[0].cancel()
    for _ in range(ticks):
        await asyncio.sleep(0)
    tasks[1].cancel()
    await settle()
    assert len(service.waiting()) == 1
    service.answer()
    assert [await outcome(task) for task in tasks[2:]] == ["answer"] * 3
    assert "key" not in flights


async def test_an_error_that_replaces_a_cancellation_is_not_shared() -> None:
    flights, service = SingleFlight[str](), Service()
    leader = begin(flights.call("key", fail_if_cancelled))
    await settle()
    follower = begin(flights.call("key", service))
    await settle()
    leader.cancel()
    assert await outcome(leader) is Broken
    await settle()
    service.answer()
    assert await follower == "answer"


async def test_a_failure_is_shared_even_if_its_caller_had_little_time(time: FakeClock) -> None:
    flights, service = SingleFlight[str](), Service()
    current_deadline.set(Deadline.after(1 / 64, time))
    leader = begin(flights.call("key", service))
    await settle()
    current_deadline.set(None)
    follower = begin(flights.call("key", service))
    await settle()
    service.fail()
    assert [await outcome(leader), await outcome(follower)] == [Broken, Broken]
    assert service.dispatched == 1


@pytest.mark.parametrize("left_s", [0.5, 0, -1])
async def test_a_follower_does_not_wait_longer_than_its_own_deadline(time: FakeClock, left_s: float) -> None:
    flights, service = SingleFlight[str](), Service()
    leader = begin(flights.call("key", service))
    await settle()
    began_s = time()
    current_deadline.set(Deadline.after(left_s, time))
    with pytest.raises(DeadlineExceeded):
        await flights.call("key", service)
    assert time() - began_s == max(0, left_s)
    service.answer()
    assert await leader == "answer"


async def test_if_the_deadline_of_the_caller_that_makes_the_call_is_over_the_next_one_makes_it(
    time: FakeClock,
) -> None:
    pipeline, service = pipeline_in(time, fallback=fallback_in(time)), Service()
    current_deadline.set(Deadline.after(0.25, time))
    leader = begin(pipeline.cached_call("key", service))
    await settle()
    current_deadline.set(None)
    follower = begin(pipeline.cached_call("key", service))
    assert await outcome(leader) is DeadlineExceeded
    await settle()
    service.answer()
    assert await follower == Served("answer")
    assert service.dispatched == 2


async def test_a_cancelled_follower_does_not_affect_the_other_callers() -> None:
    flights, service = SingleFlight[str](), Service()
    tasks = [begin(flights.call("key", service)) for _ in range(3)]
    await settle()
    tasks[1].cancel()
    await settle()
    service.answer()
    assert await tasks[0] == await tasks[2] == "answer"


async def test_an_error_without_followers_is_not_logged_as_never_retrieved() -> None:
    logged: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: logged.append(context))
    with suppress(Broken):
        await SingleFlight[str]().call("key", fail)
    gc.collect()
    assert logged == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["come", "end well", "fail"]), st.integers(0, 1)),
        st.tuples(st.just("cancel"), st.integers(0, 50)),
        st.tuples(st.just("tick"), st.just(0)),
        st.tuples(st.just("pass"), st.integers(1, 32)),
    ),
    max_size=80,
)


@given(STEPS)
def test_after_any_storm_every_caller_has_a_result(steps: list[tuple[str, int]]) -> None:
    """Whichever callers are cancelled or out of time, and whenever: there is one call for each key at most."""

    async def scenario() -> None:
        time = clock_of_the_loop()
        pipeline = pipeline_in(time, ONLY_RETRIES, fallback=fallback_in(time))
        services = [Service(), Service()]
        tasks: list[asyncio.Task[Served[str]]] = []

        async def come(key: int) -> Served[str]:
            # Every other caller has half a second.
            current_deadline.set(Deadline.after(0.5, time) if len(tasks) % 2 else None)
            return await pipeline.cached_call(key, services[key])

        for step, number in steps:
            if step == "come":
                tasks.append(begin(come(number)))
            elif step == "tick":
                await asyncio.sleep(0)
            elif step == "pass":
                time.pass_by(number / 64)
            elif step == "cancel" and tasks:
                tasks[number % len(tasks)].cancel()
            elif step in ("end well", "fail") and services[number].waiting():
                services[number].answer() if step == "end well" else services[number].fail()
            assert all(service.most_at_once <= 1 for service in services)
        # Every call that is still under way runs into its timeout.
        async with asyncio.timeout(100):
            ends = [await outcome(task) for task in tasks]
        assert {end for end in ends if not isinstance(end, Served)} <= {
            asyncio.CancelledError,
            Broken,
            DeadlineExceeded,
            AttemptTimeout,
        }

    run(scenario)
