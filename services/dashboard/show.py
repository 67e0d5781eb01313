"""*Show the failure*: all patterns off for a while with one fault on, and then the same fault with the patterns on.

It runs here and not in the page, so that the patterns are switched on again also when the page is closed. If the
dashboard itself dies, the gateways switch back by themselves, a little later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from chassis.problems import Problem
from services.dashboard.commands import Commands, Refused
from services.dashboard.document import PATTERNS

UNPROTECTED_S = 40.0
# Long enough to see the breaker open, the saved answers, and the recovery.
_PROTECTED_S = 30.0
_AGAIN_S = 1.0
# The gateways' own timer matters only if this process dies.
_LATER_S = 5.0
_TARGET = "customers"
_OFF = dict.fromkeys(PATTERNS, False)
_ON = dict.fromkeys(PATTERNS, True)


class Show:
    """`faulty` returns whether a fault is on already. Then no other fault is injected."""

    def __init__(
        self,
        commands: Commands,
        faulty: Callable[[], bool],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._commands = commands
        self._faulty = faulty
        self._clock = clock
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        self._ends_at = 0.0

    @property
    def left_s(self) -> float | None:
        return max(0.0, round(self._ends_at - self._clock(), 1)) if self._task else None

    async def start(self) -> list[str]:
        """Start the show. Returns the gateways that were not reached. Raises a Problem if it cannot start."""
        if self._task is not None:
            raise Problem(409, "The failure is being shown.")
        self._ends_at = self._clock() + UNPROTECTED_S
        self._task = asyncio.create_task(self._run(UNPROTECTED_S))
        try:
            result = await self._commands.switch(_OFF, UNPROTECTED_S + _LATER_S)
        except BaseException:
            self._forget()
            raise
        if not self._faulty():
            try:
                await self._commands.inject(_TARGET, {"kind": "hang", "for_s": UNPROTECTED_S + _PROTECTED_S})
            except BaseException:
                await self.stop()
                raise
        return result.failed

    async def stop(self) -> list[str]:
        """End the show early, if it runs: switch the patterns on.

        Returns the gateways that were not reached. Raises a Problem if none was. Both are tried again later.
        """
        if not self._forget():
            return []
        try:
            result = await self._commands.switch(_ON)
        except (Problem, Refused):
            self._go_on()
            raise
        if result.failed:
            self._go_on()
        return result.failed

    def leave(self) -> None:
        """The operator has switched patterns: the show must not switch them again."""
        self._forget()

    async def close(self) -> None:
        """The dashboard stops: switch the patterns on again."""
        with suppress(Problem, Refused):
            await self.stop()
        self._forget()

    def _forget(self) -> bool:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        return task is not None

    def _go_on(self) -> None:
        self._ends_at = self._clock()
        self._task = asyncio.create_task(self._run(_AGAIN_S))

    async def _run(self, first_s: float) -> None:
        await self._sleep(first_s)
        while not await self._all_are_on():
            # A gateway that is away now is switched when it is back.
            await self._sleep(_AGAIN_S)
        self._task = None

    async def _all_are_on(self) -> bool:
        try:
            return not (await self._commands.switch(_ON)).failed
        except (Problem, Refused):
            return False
