"""How breakers behave where it matters in asyncio: asked of each, not read about."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from lab.rivals import FAILURES, Guard

HERD = 30
# One of them counts in whole seconds.
OPEN_S = 1.0
MIXED_CALLS = 100


@dataclass(frozen=True)
class Manners:
    """`herd` is how many of 30 callers reach the service if they come together as the open wait ends.

    `rate_opens` and `cancellations_open` say whether a breaker opens when every other of a hundred calls fails, and
    when ten callers in a row are cancelled.
    """

    name: str
    herd: int
    rate_opens: bool
    cancellations_open: bool
    clock: str


class _Service:
    """Does what it is told, and counts its calls."""

    def __init__(self) -> None:
        self.reached = 0
        self.error: type[BaseException] | None = None

    async def call(self) -> None:
        self.reached += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error


async def _is_open(guarded: object, service: _Service) -> bool:
    before = service.reached
    service.error = None
    with suppress(Exception):
        await guarded()  # type: ignore[operator]
    return service.reached == before


async def _herd(guard: Guard, open_s: float) -> int:
    service = _Service()
    guarded = await guard(service.call, open_s)
    service.error = LookupError
    for _ in range(FAILURES):
        with suppress(Exception):
            await guarded()
    # Twice: a jittered wait may be a fifth longer, and one library rounds up.
    await asyncio.sleep(2 * open_s)
    service.error, before = None, service.reached
    await asyncio.gather(*(guarded() for _ in range(HERD)), return_exceptions=True)
    return service.reached - before


async def _rate_opens(guard: Guard) -> bool:
    service = _Service()
    guarded = await guard(service.call, 3600)
    for number in range(MIXED_CALLS):
        service.error = LookupError if number % 2 else None
        with suppress(Exception):
            await guarded()
    return await _is_open(guarded, service)


async def _cancellations_open(guard: Guard) -> bool:
    service = _Service()
    guarded = await guard(service.call, 3600)
    service.error = asyncio.CancelledError
    for _ in range(2 * FAILURES):
        with suppress(asyncio.CancelledError, Exception):
            await guarded()
    return await _is_open(guarded, service)


async def manners_of(name: str, guard: Guard, clock: str, open_s: float = OPEN_S) -> Manners:
    herd, rate, cancellations = await asyncio.gather(
        _herd(guard, open_s), _rate_opens(guard), _cancellations_open(guard)
    )
    return Manners(name, herd, rate, cancellations, clock)
