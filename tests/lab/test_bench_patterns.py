"""The benchmark of the patterns: what it reports, with as little measuring as it can be made to do."""

from lab.bench_patterns import Cost, Result, gather_contenders, measure, table
from lab.manners import Manners, manners_of
from lab.rivals import PIPELINE, STACK, afloat


async def test_it_measures_whatever_is_installed_and_names_the_rest() -> None:
    result = await measure(rounds=1, times=3, open_s=0.01)
    names = {cost.name for cost in result.costs}
    assert {PIPELINE, "afloat: circuit breaker", "afloat: bulkhead", "asyncio.Semaphore"} <= names
    contenders, missing = await gather_contenders()
    assert {each.name for each in contenders} == names
    assert result.missing == missing
    assert all(name in table(result) for name in names)


async def test_our_own_breaker_lets_no_herd_through_and_ignores_cancellations() -> None:
    (breaker,) = [each for each in await afloat() if each.guard]
    assert breaker.guard is not None
    manners = await manners_of(breaker.name, breaker.guard, breaker.clock, open_s=0.01)
    assert manners == Manners("afloat: circuit breaker", 3, True, False, "monotonic")


def result_of(pipeline_ns: float, rejection_ns: float, of_stack: float | None) -> Result:
    costs = [
        Cost("success", PIPELINE, pipeline_ns, 9e9, of_stack),
        Cost("success", STACK, 5000, 5000, 1.0),
        Cost("rejection", "afloat: circuit breaker", rejection_ns, 9e9, None),
        Cost("rejection", "pybreaker", 9e9, 9e9, None),
    ]
    return Result(50, costs, [], [])


def test_each_goal_is_met_or_missed_by_its_own_figure() -> None:
    assert list(result_of(2000, 1999, 0.2).verdicts().values()) == [True, True, True]
    assert list(result_of(2001, 1999, 0.2).verdicts().values()) == [False, True, True]
    assert list(result_of(2000, 2000, 0.2).verdicts().values()) == [True, False, True]
    assert list(result_of(2000, 1999, 0.21).verdicts().values()) == [True, True, False]
    assert list(result_of(2000, 1999, None).verdicts().values()) == [True, True], "nothing to compare with"
    assert "MISSED  a rejection" in table(result_of(2000, 2000, 0.2))
