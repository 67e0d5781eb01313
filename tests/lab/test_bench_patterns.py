"""The report of the benchmark of the patterns, with as few measurements as possible."""

from lab.bench_patterns import Cost, Result, gather_contenders, measure, table
from lab.manners import Manners, manners_of
from lab.rivals import AIORESILIENCE, HYX, PIPELINE, afloat


async def test_it_measures_the_libraries_that_are_installed_and_names_the_others() -> None:
    result = await measure(rounds=1, times=3, open_s=0.01)
    names = {cost.name for cost in result.costs}
    assert {PIPELINE, "afloat: circuit breaker", "afloat: bulkhead", "asyncio.Semaphore"} <= names
    contenders, missing = await gather_contenders()
    assert {each.name for each in contenders} == names
    assert result.missing == missing
    assert all(name in table(result) for name in names)


async def test_our_own_breaker_lets_three_of_a_herd_through_and_ignores_cancellations() -> None:
    (breaker,) = [each for each in await afloat() if each.guard]
    assert breaker.guard is not None
    manners = await manners_of(breaker.name, breaker.guard, breaker.clock, open_s=0.01)
    assert manners == Manners("afloat: circuit breaker", 3, True, False, "monotonic")


def result_of(pipeline_us: float, *rivals_us: float) -> Result:
    costs = [Cost("success", PIPELINE, pipeline_us, 9e9), Cost("rejection", PIPELINE, 9e9, 9e9)]
    costs += [Cost("success", name, us, 0) for name, us in zip((HYX, AIORESILIENCE), rivals_us, strict=False)]
    return Result(50, costs, [], [])


def test_each_goal_is_met_or_missed_by_its_own_figure() -> None:
    assert list(result_of(15, 15.1, 15.1).verdicts().values()) == [True, True, True]
    assert list(result_of(15.1, 20, 20).verdicts().values()) == [False, True, True]
    assert list(result_of(10, 10, 11).verdicts().values()) == [True, False, True]
    assert list(result_of(10, 11, 10).verdicts().values()) == [True, True, False]
    assert list(result_of(10).verdicts().values()) == [True], "the other libraries are not installed"
    assert "MISSED  whole pipeline adds per call: 16.0 us, goal 15" in table(result_of(16))
