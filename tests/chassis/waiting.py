"""Waiting for what is bound to happen; a test fails if it does not."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_S = 60.0


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Ask again and again until the condition is true."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            answer = condition()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.01)
