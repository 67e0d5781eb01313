"""The hands that break a running stack, and put right whatever they broke, also when they are interrupted."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from lab.journal import Journal, Undo
from stack import faults
from stack.errors import Refused, StackError
from stack.model import Status
from stack.runtime import Runtime

P = ParamSpec("P")
T = TypeVar("T")

_LOOK_S = 0.2


class Hands:
    """A Runtime for coroutines. What must be undone is in the journal before it is done; `undo` mends what is left."""

    def __init__(self, runtime: Runtime, journal: Journal | None = None) -> None:
        self.runtime = runtime
        self.journal = journal or Journal()

    @property
    def stay_dead(self) -> bool:
        """Whether the killed wait to be started: to Docker, a container killed by hand is meant to be down."""
        return self.runtime.name == "docker"

    async def kill(self, *names: str) -> None:
        """SIGKILL, at the same time."""
        if self.stay_dead:
            self._note("start", *names)
        await asyncio.gather(*(patiently(self.runtime.kill, name) for name in names))

    async def keep_down(self, until_s: float, *names: str, crashed: bool = False) -> None:
        """See to it that what died just now is not running before then; `start` is what starts it.

        Where there is a scheduler, that is its business.
        """
        if self.runtime.scheduler:
            return
        self._note("start", *names)
        if crashed and self.stay_dead:
            # Docker starts again what died by itself, and not what was stopped.
            await asyncio.gather(*(self._put_down(name) for name in names))
        # supervisord starts again what has died, a second later or, on a busy machine, several.
        while not self.stay_dead and monotonic() < until_s:
            await asyncio.gather(*(self._put_down(name) for name in names))
            await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(max(0.0, until_s - monotonic()))

    async def _put_down(self, name: str) -> None:
        """Stop it, and kill it meanwhile: a process that is only just beginning can lose the signal to stop."""
        stopping = asyncio.ensure_future(patiently(self.runtime.stop, name))
        while not (await asyncio.wait([stopping], timeout=_LOOK_S))[0]:
            # It may have gone by now.
            with suppress(StackError):
                await patiently(self.runtime.kill, name)
        await stopping

    async def start(self, *names: str) -> None:
        """Start what was killed or stopped; returns when all are ready."""
        await asyncio.gather(*(patiently(self.runtime.start, name) for name in names))
        self.journal.done(*(Undo("start", name) for name in names))

    async def revive(self) -> None:
        """Start what was killed, unless it starts by itself."""
        for undo in [each for each in self.journal.entries if each.verb == "start"]:
            await self.start(undo.target)

    async def pause(self, *names: str) -> None:
        """Freeze them."""
        self._note("resume", *names)
        await asyncio.gather(*(patiently(self.runtime.pause, name) for name in names))

    async def resume(self) -> None:
        """Thaw what was frozen."""
        for undo in [each for each in self.journal.entries if each.verb == "resume"]:
            await self._do(undo)

    async def resume_these(self, *names: str) -> None:
        """Thaw these."""
        await asyncio.gather(*(self._do(Undo("resume", name)) for name in names))

    async def cut(self, *names: str) -> None:
        """Take them off the network."""
        self._note("join", *names)
        await asyncio.gather(*(patiently(self.runtime.cut, name) for name in names))

    async def join(self, *names: str) -> None:
        await asyncio.gather(*(self._do(Undo("join", name)) for name in names))

    async def stop(self, *names: str) -> None:
        """Stop them gracefully."""
        self._note("start", *names)
        await asyncio.gather(*(patiently(self.runtime.stop, name) for name in names))

    async def scale(self, service: str, count: int) -> None:
        """Have so many replicas; `undo` brings back the number that was there before the first time."""
        before = next((each for each in self.journal.entries if (each.verb, each.target) == ("scale", service)), None)
        if before is None:
            before = Undo("scale", service, len((await patiently(self.runtime.status)).of(service)))
            self.journal.add(before)
        await patiently(self.runtime.scale, service, count)
        if count == before.value:
            self.journal.done(before)

    async def replace_after(self, service: str, seconds: float | None) -> None:
        """Have the scheduler replace the dead after so long; None: after as long as before the first time."""
        scheduler = self.runtime.scheduler
        if scheduler is None:
            return
        noted = next((e for e in self.journal.entries if (e.verb, e.target) == ("replace_after", service)), None)
        now = await patiently(scheduler.replacement_s, service)
        before = noted or Undo("replace_after", service, now)
        wanted = before.value if seconds is None else seconds
        if wanted != now:
            self.journal.add(before)
            await patiently(scheduler.replace_after, service, wanted)
        if wanted == before.value:
            self.journal.done(before)

    async def deploy(self, service: str, minimum_healthy: int) -> None:
        """Have the scheduler replace every replica."""
        assert self.runtime.scheduler is not None
        await patiently(self.runtime.scheduler.deploy, service, minimum_healthy)

    async def inject(self, body: Mapping[str, Any], *replicas: str) -> None:
        """Let them do a fault to themselves."""
        self._note("clear_faults", *replicas)

        await asyncio.gather(*(patiently(faults.inject, self.runtime, replica, body) for replica in replicas))

    async def clear(self, *replicas: str) -> None:
        """End their faults; one that is dead has none."""

        async def one(replica: str) -> None:
            with suppress(StackError):
                await self._do(Undo("clear_faults", replica))

        await asyncio.gather(*(one(replica) for replica in replicas))
        self.journal.done(*(Undo("clear_faults", replica) for replica in replicas))

    async def switch(self, patterns: Mapping[str, bool], *gateways: str) -> None:
        """Switch patterns; `undo` switches all of them on again as they were."""
        for gateway in gateways:
            if not any(each.verb == "patterns" and each.target == gateway for each in self.journal.entries):
                now = await patiently(self.runtime.ask, gateway, "GET", "/patterns")
                if now.status != 200:
                    raise Refused(f"{gateway} has no switches: {now.explanation()}.")
                self.journal.add(Undo("patterns", gateway, now.json()["switches"]))
            reply = await patiently(self.runtime.ask, gateway, "PUT", "/patterns", dict(patterns))
            if reply.status != 200:
                raise Refused(f"{gateway} refuses to switch: {reply.explanation()}.")

    async def roll(self, service: str = "products") -> None:
        """Restart every replica of a service, one after the other."""
        await patiently(self.runtime.roll, service)

    async def undo(self) -> list[str]:
        """Leave the stack whole, as it was; returns a sentence for each thing that could not be put right."""
        return await patiently(self.journal.put_right, self.runtime, faults_only=True)

    def _note(self, verb: Any, *names: str) -> None:
        for name in names:
            self.journal.add(Undo(verb, name))

    async def _do(self, undo: Undo) -> None:
        await patiently(undo.do, self.runtime)
        self.journal.done(undo)


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
