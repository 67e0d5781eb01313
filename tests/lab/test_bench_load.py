"""The generator at 500 requests a second over a server that stalls for 3 s; its lag is printed, by `lab bench-load`."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from lab.bench_load import Lag, measure
from lab.record import Record
from lab.result import Result
from tests.lab.records import failing, steady

RATE = 500


async def test_no_request_is_left_out_dropped_or_lost_while_the_server_stalls() -> None:
    lag = await measure(RATE, stall_s=3, calm_s=1)
    assert lag.result.failures == {}
    due_s = sorted(record.due_s for record in lag.records)
    assert len(due_s) >= 3 * RATE
    assert all(after - before == pytest.approx(1 / RATE, abs=1e-6) for before, after in pairwise(due_s))
    # Whoever was due when the stall began waited for all of it.
    assert lag.result.max_ms >= 2900
    assert lag.stalled.slower_than(1500) >= RATE


@pytest.mark.parametrize(
    ("records", "met"),
    [
        (steady(10), True),
        ([*steady(10), *(replace(each, lag_s=0.02) for each in steady(0.1))], True),
        ([replace(each, lag_s=0.02) for each in steady(10)], False),
        (failing(steady(10), 3, 4), False),
    ],
    ids=["on time", "one of a hundred late", "late", "some failed"],
)
def test_the_goal_is_met_by_a_load_that_is_on_time_and_lost_nothing(records: Sequence[Record], met: bool) -> None:
    assert Lag(records, Result(records), Result(()), cpu_s=1).met is met
