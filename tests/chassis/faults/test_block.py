"""Block: the loop stands still, again and again."""

import pytest

from chassis.faults.block import PAUSE_S
from tests.chassis.faults.faulty import faulty


async def test_the_loop_is_blocked_repeatedly_with_a_pause_in_between() -> None:
    async with faulty() as service:
        await service.inject("block", block_ms=500)
        service.time.advance(PAUSE_S)
        assert service.blocked_s == [0.5]
        service.time.advance(PAUSE_S)
        assert service.blocked_s == [0.5, 0.5]
        await service.clear()
        service.time.advance(60)
        assert len(service.blocked_s) == 2


async def test_it_is_over_in_time_however_long_a_block_would_take() -> None:
    async with faulty() as service:
        await service.inject("block", block_ms=10_000, for_s=2)
        service.time.advance(5)
        assert sum(service.blocked_s) == pytest.approx(2 - PAUSE_S)
        assert await service.active() == []
