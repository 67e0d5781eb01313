"""Of many who ask for the same at once one makes the call, for all."""

import asyncio
import gc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.fallback import Served
from tests.resilience.attempts import PATIENT
from tests.resilience.conftest import FakeTime
from tests.resilience.fallbacks import fallback_in
from tests.resilience.service import Broken, Service, begin, fail, outcome, pipeline_in, run, settle, succeed


async def test_many_who_ask_for_the_same_make_one_call(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(10)]
    other = begin(fallback.call("other key", service))
    await settle()
    assert service.dispatched == 2
    for _ in range(2):
        service.answer()
        await settle()
    assert [await task for task in [*tasks, other]] == [Served("answer")] * 11
    assert fallback.snapshot().followed == 9


async def test_a_failure_is_told_to_all_each_with_an_error_of_its_own(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(5)]
    await settle()
    service.fail(error=Broken("it", 1.5))
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert len({id(error) for error in errors}) == 5
    assert {(type(error), str(error), error.retry_after_s) for error in errors} == {(Broken, "it", 1.5)}  # type: ignore[union-attr]
    assert service.dispatched == 1


@pytest.mark.parametrize("ticks", range(4))
async def test_if_who_makes_the_call_is_cancelled_the_next_one_makes_it(time: FakeTime, ticks: int) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(5)]
    await settle()
    tasks[0].cancel()
    for _ in range(ticks):
        await asyncio.sleep(0)
    tasks[1].cancel()
    await settle()
    assert len(service.waiting()) == 1
    service.answer()
    assert [await outcome(task) for task in tasks[2:]] == [Served("answer")] * 3
    assert not fallback._flights


class Peculiar(Exception):
    """An error that cannot be made anew from its own arguments."""

    def __init__(self, code: str) -> None:
        super().__init__(int(code[1:]))


async def test_an_error_that_cannot_be_copied_is_told_as_it_is(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(2)]
    await settle()
    service.fail(error=Peculiar("x1"))
    assert [await outcome(task) for task in tasks] == [Peculiar, Peculiar]


async def test_each_is_told_the_errors_cause_too(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(2)]
    await settle()
    error, error.__cause__ = Broken(), LookupError()
    service.fail(error=error)
    errors = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(each.__cause__) for each in errors if isinstance(each, Broken)} == {LookupError}


@pytest.mark.parametrize("by_deadline", [True, False])
async def test_what_a_call_makes_of_its_callers_own_end_is_not_told_to_the_others(
    time: FakeTime, by_deadline: bool
) -> None:
    fallback, service = fallback_in(time), Service()
    pipeline = pipeline_in(time, fallback=fallback)

    async def converts() -> str:
        try:
            return await service()
        except asyncio.CancelledError:
            raise Broken from None

    current_deadline.set(Deadline.after(0.25, time.clock) if by_deadline else None)
    leader = begin(pipeline.cached_call("key", converts))
    await settle()
    current_deadline.set(None)
    follower = begin(pipeline.cached_call("key", converts))
    await settle()
    if by_deadline:
        time.pass_by(0.25)
    else:
        leader.cancel()
    assert await outcome(leader) is Broken
    await settle()
    service.answer()
    assert await follower == Served("answer")
    assert not fallback._flights


async def test_an_honest_failure_is_told_to_the_others_however_little_time_its_caller_had(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    current_deadline.set(Deadline.after(1 / 64, time.clock))
    leader = begin(fallback.call("key", service))
    await settle()
    current_deadline.set(None)
    follower = begin(fallback.call("key", service))
    await settle()
    service.fail()
    assert [await outcome(leader), await outcome(follower)] == [Broken, Broken]
    assert service.dispatched == 1


@pytest.mark.parametrize("late_s", [0, 1])
async def test_who_has_no_time_left_does_not_wait_for_another_ones_call(time: FakeTime, late_s: float) -> None:
    fallback, service = fallback_in(time), Service()
    leader = begin(fallback.call("key", service))
    await settle()
    current_deadline.set(Deadline.after(-late_s, time.clock))
    with pytest.raises(DeadlineExceeded):
        fallback.call("key", service).send(None)
    service.answer()
    assert await leader == Served("answer")


async def test_a_failure_of_who_cleans_up_after_a_cancellation_is_told_to_all(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()

    async def request() -> None:
        try:
            await Service()()
        finally:
            await outcome(fallback.call("key", service))

    leader = begin(request())
    await settle()
    leader.cancel()
    await settle()
    follower = begin(fallback.call("key", service))
    await settle()
    service.fail()
    assert await outcome(follower) is Broken
    assert service.dispatched == 1
    assert await outcome(leader) is asyncio.CancelledError


async def test_a_follower_that_is_cancelled_disturbs_nobody(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    tasks = [begin(fallback.call("key", service)) for _ in range(3)]
    await settle()
    tasks[1].cancel()
    await settle()
    service.answer()
    assert await tasks[0] == await tasks[2] == Served("answer")


async def test_a_follower_waits_no_longer_than_its_own_deadline(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    await fallback.call("key", succeed)
    time.pass_by(3)
    leader = begin(fallback.call("key", service))
    await settle()
    current_deadline.set(Deadline.after(0.5, time.clock))
    follower = begin(fallback.call("key", service))
    await settle()
    time.pass_by(0.5)
    assert await follower == Served("answer", 3.5, remembered=True, stale=True, reason="deadline_exceeded")
    service.answer()
    assert await leader == Served("answer")


async def test_a_leader_out_of_time_does_not_take_the_followers_time(time: FakeTime) -> None:
    fallback, service = fallback_in(time), Service()
    pipeline = pipeline_in(time, fallback=fallback)
    current_deadline.set(Deadline.after(0.25, time.clock))
    leader = begin(pipeline.cached_call("key", service))
    await settle()
    current_deadline.set(None)
    follower = begin(pipeline.cached_call("key", service))
    await settle()
    time.pass_by(0.25)
    assert await outcome(leader) is DeadlineExceeded
    await settle()
    service.answer()
    assert await follower == Served("answer")
    assert service.dispatched == 2


async def test_a_failed_call_leaves_nothing_to_the_garbage_collector(time: FakeTime) -> None:
    fallback = fallback_in(time)

    # In this very task: another one would be in a ring with the error that it ended with.
    async def failed_calls(times: int) -> None:
        for number in range(times):
            with suppress(Broken):
                await fallback.call(number, fail)

    await failed_calls(10)
    gc.collect()
    gc.disable()
    try:
        await failed_calls(100)
        assert gc.collect() < 100
    finally:
        gc.enable()


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
def test_after_any_storm_nobody_waits_for_a_call_that_nobody_makes(steps: list[tuple[str, int]]) -> None:
    """Whoever is cancelled or out of time, and whenever: one call a key at most, and everybody has an outcome."""

    async def scenario() -> None:
        time = FakeTime()
        fallback = fallback_in(time, covers=lambda error: False)
        pipeline = pipeline_in(time, PATIENT, fallback=fallback)
        services = [Service(), Service()]
        tasks: list[asyncio.Task[Served[str]]] = []

        async def come(key: int) -> Served[str]:
            # Every other one has half a second.
            current_deadline.set(Deadline.after(0.5, time.clock) if len(tasks) % 2 else None)
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
        for _ in range(200):
            await settle()
            for service in services:
                while service.waiting():
                    service.answer()
            if all(task.done() for task in tasks):
                break
            time.pass_by(1 / 16)
        assert all(task.done() for task in tasks)
        allowed = {asyncio.CancelledError, Broken, DeadlineExceeded, AttemptTimeout}
        for task in tasks:
            ended = await outcome(task)
            assert ended in allowed or (isinstance(ended, Served) and ended.answer == "answer")
        assert not fallback._flights

    run(scenario)
