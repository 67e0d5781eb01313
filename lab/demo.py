"""The main job, told in the terminal: a search that goes on while its replicas are killed, frozen and restarted.

Requests keep coming at a constant rate, as visitors do. Each act breaks something and puts it right; it ends when every
replica answers again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic

from lab.alone import alone
from lab.hands import Hands, mend, patiently
from lab.journal import Journal
from lab.load import OpenLoop, Request, searches
from lab.screen import ActFigures, Screen
from stack.model import Status
from stack.runtime import Runtime

_NEEDED = 3
_STEP_S = 0.02


class DemoFailed(Exception):
    """A sentence for the user: the demo could not be played to its end."""


@dataclass(frozen=True)
class Plan:
    """How long things are shown; the whole demo stays under 90 s with these."""

    rate: float = 200
    act_s: float = 7.0
    broken_s: float = 3.0
    patience_s: float = 30.0
    second_s: float = 1.0


@dataclass(frozen=True)
class _Played:
    title: str
    from_s: float
    to_s: float
    back: str


async def play(
    runtime: Runtime,
    screen: Screen,
    plan: Plan | None = None,
    requests: Iterator[Request] | None = None,
    journal: Journal | None = None,
) -> bool:
    """Play the demo; True if no request failed. The stack is left as it was found, with all its replicas running."""
    plan = plan or Plan()
    hands = Hands(runtime, journal)
    try:
        async with _stack(runtime, screen) as status:
            names = [replica.name for replica in status.of("products")]
            if len(names) < _NEEDED:
                raise DemoFailed(f"The demo needs {_NEEDED} replicas of products: `make scale SERVICE=products N=3`.")
            screen.say(f"{plan.rate:g} searches a second go to {status.url}, answered or not.")
            try:
                async with (
                    alone(runtime, hands.journal),
                    OpenLoop(status.url, rate=plan.rate, requests=requests or searches()) as load,
                ):
                    return await Demo(hands, load, names, screen, plan).play()
            finally:
                await hands.undo()
    finally:
        screen.close()


@asynccontextmanager
async def _stack(runtime: Runtime, screen: Screen) -> AsyncIterator[Status]:
    """The stack with every replica ready; taken down at the end if it was not up before."""
    found_up = await patiently(runtime.is_up)
    try:
        status = await patiently(runtime.status) if found_up else None
        if status is None:
            await patiently(runtime.up)
        else:
            await mend(runtime, status)
        yield await patiently(runtime.status)
    finally:
        if not found_up:
            screen.say("The stack was not up before: it is taken down again.")
            await patiently(runtime.down)


class Demo:
    """The acts, one after the other, over one load."""

    def __init__(self, hands: Hands, load: OpenLoop, names: list[str], screen: Screen, plan: Plan) -> None:
        self._hands = hands
        self._load = load
        self._names = names
        self._screen = screen
        self._plan = plan
        self._played: list[_Played] = []

    async def play(self) -> bool:
        """Every act, then the table; True if no request failed and every replica came back."""
        first, second, third = self._names[:_NEEDED]
        ticking = asyncio.create_task(self._tick())
        try:
            back = (
                await self._act("all is well")
                and await self._act("one is killed", lambda: self._kill(first), first)
                and await self._act("two are killed", lambda: self._kill(first, second), f"{first} and {second}")
                and await self._act("one freezes", lambda: self._freeze(third), third)
                and await self._act("all are restarted", self._hands.roll, "one after the other")
            )
        finally:
            ticking.cancel()
            await asyncio.wait([ticking])
        return await self._close() and back

    async def _act(self, title: str, fault: Callable[[], Awaitable[None]] | None = None, more: str = "") -> bool:
        """Break something, put it right, wait for all replicas; whether they came back."""
        self._screen.act(f"{title}: {more}" if more else title)
        from_s = monotonic()
        if fault is not None:
            await fault()
        back = await self._all_answer(since_s=monotonic())
        back_after = f"{monotonic() - from_s:.1f} s" if back else "never"
        # Long enough to be watched.
        await asyncio.sleep(max(0.0, from_s + self._plan.act_s - monotonic()))
        self._played.append(_Played(title, from_s, monotonic(), back_after if fault else ""))
        return back

    async def _kill(self, *names: str) -> None:
        await self._hands.kill(*names)
        if self._hands.stay_dead:
            await asyncio.sleep(self._plan.broken_s)
        await self._hands.revive()

    async def _freeze(self, name: str) -> None:
        await self._hands.pause(name)
        await asyncio.sleep(self._plan.broken_s)
        await self._hands.resume()

    async def _all_answer(self, since_s: float) -> bool:
        """Wait until each replica has answered a request that was due later than that; False if one does not."""
        give_up_s = monotonic() + self._plan.patience_s
        while missing := [name for name in self._names if self._load.seen.get(name, 0.0) < since_s]:
            if monotonic() > give_up_s:
                names = " and ".join(missing)
                self._screen.say(f"{names} did not answer again within {self._plan.patience_s:g} s: see `make logs`.")
                return False
            await asyncio.sleep(_STEP_S)
        return True

    async def _tick(self) -> None:
        """A line for every second."""
        for number in count(1):
            await asyncio.sleep(max(0.0, self._load.started_s + number * self._plan.second_s - monotonic()))
            self._screen.second(number, self._load.window(), self._names)

    async def _close(self) -> bool:
        """The table and the verdict; whether every request was answered."""
        result = await self._load.stop()
        acts = [ActFigures(act.title, result.between(act.from_s, act.to_s), act.back) for act in self._played]
        self._screen.table([*acts, ActFigures("altogether", result)])
        if result.failed:
            reasons = ", ".join(f"{reason}: {number}" for reason, number in result.failures.most_common())
            self._screen.say(f"{result.failed} of {result.sent} requests failed ({reasons}).")
        else:
            self._screen.say(f"No request failed: all {result.sent} were answered.")
        return result.failed == 0
