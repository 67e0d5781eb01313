"""The generator at 500 requests a second over a server that stalls for 3 s; its lag is printed, by `lab bench-load`."""

from itertools import pairwise

import pytest

from lab.bench_load import measure

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
