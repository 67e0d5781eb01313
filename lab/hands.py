"""The hands that break a running stack, and put right whatever they broke, also when they are interrupted."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from stack.model import Status
from stack.runtime import Runtime

P = ParamSpec("P")
T = TypeVar("T")


class Hands:
    """A Runtime for coroutines. `undo` mends what is still broken."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._paused: set[str] = set()
        self._killed: set[str] = set()

    async def kill(self, *names: str) -> None:
        """SIGKILL, at the same time."""
        self._killed.update(names)
        await asyncio.gather(*(patiently(self._runtime.kill, name) for name in names))

    @property
    def stay_dead(self) -> bool:
        """Whether the killed wait to be started: to Docker, a container killed by hand is meant to be down."""
        return self._runtime.name == "docker"

    async def revive(self) -> None:
        """Start what was killed, unless it starts by itself."""
        if self.stay_dead:
            for name in sorted(self._killed):
                await patiently(self._runtime.start, name)
        self._killed.clear()

    async def pause(self, name: str) -> None:
        """Freeze it."""
        self._paused.add(name)
        await patiently(self._runtime.pause, name)

    async def resume(self) -> None:
        """Thaw what was frozen."""
        for name in sorted(self._paused):
            await patiently(self._runtime.resume, name)
            self._paused.discard(name)

    async def roll(self) -> None:
        """Restart every replica of Products, one after the other."""
        await patiently(self._runtime.roll, "products")

    async def undo(self) -> None:
        """Leave nothing frozen and nothing dead."""
        await self.resume()
        await self.revive()


async def mend(runtime: Runtime, status: Status) -> None:
    """Get every replica ready that is not. Not by `up`, which would bring in the settings of this command too."""
    for replica in status.replicas:
        if replica.state == "paused":
            await patiently(runtime.resume, replica.name)
        if replica.state != "ready":
            await patiently(runtime.start, replica.name)


async def patiently(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work on a thread. A thread cannot be cancelled: a cancellation waits until the work is done."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
