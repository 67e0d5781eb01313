"""The stale cache, and the fallback that serves from it."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.events import Announcer, Event, StaleServed
from resilience.fallback import Fallback, Keep, Served
from resilience.options import StaleCacheOptions
from resilience.stale_cache import StaleCache
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, Service, begin, fail, outcome, pipeline_in, settle, succeed


def cache_of(options: StaleCacheOptions | None = None) -> StaleCache[str]:
    return StaleCache(options, size_of=len)


def fallback_in(time: FakeTime, **more: object) -> Fallback[str]:
    arguments = {"clock": time.clock, "call_later": time.call_later, **more}
    return Fallback("service", cache_of(), **arguments)  # type: ignore[arg-type]  # checked by the class itself


# ---- The cache ------------------------------------------------------------------------------------------------------

sizes = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 40), st.sampled_from(["put", "get", "forget"])), max_size=80
)


@given(sizes)
def test_the_cache_keeps_the_most_recently_used_within_both_bounds(steps: list[tuple[int, int, str]]) -> None:
    cache = cache_of(StaleCacheOptions(max_entries=5, max_bytes=100))
    model: list[tuple[int, str]] = []
    for key, size, step in steps:
        known = dict(model).get(key)
        if step == "get":
            found = cache.get(key, 0)
            assert (found.answer if found else None) == known
            if known is not None:
                model = [each for each in model if each[0] != key] + [(key, known)]
        else:
            model = [each for each in model if each[0] != key]
            if step == "put":
                cache.put(key, "x" * size, 0)
                model.append((key, "x" * size))
            else:
                cache.forget(key)
        while len(model) > 5 or sum(len(answer) for _, answer in model) > 100:
            model.pop(0)
        assert len(cache) == len(model)
        assert cache.size_bytes == sum(len(answer) for _, answer in model) <= 100


def test_what_is_larger_than_the_whole_cache_is_not_remembered_and_drives_nobody_out() -> None:
    cache = cache_of(StaleCacheOptions(max_bytes=10))
    cache.put("small", "x", 0)
    cache.put("large", "x" * 11, 0)
    assert cache.get("small", 0)
    assert cache.get("large", 0) is None


def test_what_is_too_old_is_forgotten() -> None:
    cache = cache_of()
    cache.put("key", "x", 0)
    assert cache.get("key", 300)
    assert cache.get("key", 300.1) is None
    assert cache.size_bytes == len(cache) == 0


# ---- Fresh, and stale -----------------------------------------------------------------------------------------------


async def test_a_fresh_answer_saves_the_call(time: FakeTime) -> None:
    fallback = fallback_in(time)
    assert await fallback.call("key", succeed) == Served("answer")
    time.pass_by(1.5)
    assert await fallback.call("key", fail) == Served("answer", 1.5, remembered=True)
    assert fallback.snapshot().fresh_served == 1


async def test_an_answer_that_is_no_longer_fresh_is_asked_for_anew(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call("key", succeed)
    time.pass_by(2)

    async def other() -> str:
        return "other"

    assert await fallback.call("key", other) == Served("other")


@pytest.mark.parametrize("error", [Broken(), CircuitOpen("x", 1), BulkheadFull("x"), DeadlineExceeded()])
async def test_a_failed_call_is_stood_in_for_by_a_marked_stale_answer(time: FakeTime, error: Exception) -> None:
    events: list[Event] = []
    fallback = fallback_in(time, announcer=Announcer([events.append]))

    async def fails() -> str:
        raise error

    await fallback.call("key", succeed)
    time.pass_by(300)
    assert await fallback.call("key", fails) == Served("answer", 300.0, remembered=True, stale=True)
    assert [event.age_s for event in events if isinstance(event, StaleServed)] == [300]
    time.pass_by(0.5)
    assert await outcome(fallback.call("key", fails)) is type(error)


async def test_one_keys_answer_never_stands_in_for_anothers(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call(("customer", 1), succeed)
    assert await outcome(fallback.call(("customer", 2), fail)) is Broken


@pytest.mark.parametrize(("keep", "after"), [(Keep.FORGET, Broken), (Keep.LEAVE, Served("answer", 3, True, True))])
async def test_a_4xx_answer_is_handed_on_and_never_remembered(time: FakeTime, keep: Keep, after: object) -> None:
    def judge(answer: str) -> Keep:
        return keep if answer == "4xx" else Keep.STORE

    async def refuses() -> str:
        return "4xx"

    fallback = fallback_in(time, keep=judge)
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await fallback.call("key", refuses) == Served("4xx")
    assert await outcome(fallback.call("key", fail)) == after


async def test_an_error_that_is_not_covered_passes(time: FakeTime) -> None:
    fallback = fallback_in(time, covers=lambda error: not isinstance(error, Broken))
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await outcome(fallback.call("key", fail)) is Broken


async def test_a_cancellation_is_not_stood_in_for(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call("key", succeed)
    time.pass_by(3)
    task = begin(fallback.call("key", Service()))
    await settle()
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError


# ---- Single flight --------------------------------------------------------------------------------------------------


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
    assert await follower == Served("answer", 3.5, remembered=True, stale=True)
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


# ---- In the pipeline ------------------------------------------------------------------------------------------------


async def test_while_the_service_is_away_what_was_read_before_is_served(time: FakeTime) -> None:
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    assert await pipeline.cached_call("key", succeed) == Served("answer")
    time.pass_by(10)
    pipeline.circuit_breaker.force_open()
    assert await pipeline.cached_call("key", fail) == Served("answer", 10.0, remembered=True, stale=True)
    assert await outcome(pipeline.cached_call("other key", fail)) is CircuitOpen
    now = pipeline.snapshot().fallback
    assert now is not None
    assert (now.entries, now.size_bytes, now.stale_served) == (1, 6, 1)


async def test_a_cached_call_without_a_fallback_is_an_idempotent_call(time: FakeTime) -> None:
    failed: list[Callable[[], object]] = []

    async def fails_once() -> str:
        if not failed:
            failed.append(fails_once)
            raise Broken
        return "answer"

    task = begin(pipeline_in(time).cached_call("key", fails_once))
    await settle()
    time.pass_by(1)
    assert await task == Served("answer")
