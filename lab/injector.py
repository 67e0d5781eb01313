"""Carries out an experiment's faults on a running stack, and undoes each when its time is over.

Where the runtime has no scheduler this plays it: a dead replica is replaced after the stack's replacement time, a
deployment goes by the minimum healthy. Where it has one, that does both, and was told the time beforehand.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from lab.experiment import StackShape
from lab.faults import AnyFault, Crash, Held, Kill, Roll, Scale, ServiceFault
from lab.hands import Hands, patiently
from stack.model import Status
from stack.rollout import kept_ready
from stack.rotation import wait_in_rotation

Say = Callable[[str], None]


@dataclass
class FaultWindow:
    """When a fault began and ended, on the monotonic clock; `to_s` is None while it lasts."""

    kind: str
    targets: list[str]
    what: str
    from_s: float
    to_s: float | None = None


@dataclass
class Injector:
    """The faults of one side; `windows` has those that have begun."""

    hands: Hands
    status: Status
    shape: StackShape
    scale: float
    say: Say
    windows: list[FaultWindow] = field(default_factory=list)

    async def perform(self, fault: AnyFault, phase_began_s: float) -> None:
        """Wait for its time, begin it, wait, undo it."""
        await asyncio.sleep(max(0.0, phase_began_s + fault.at / self.scale - monotonic()))
        names = self._names(fault.target)
        match fault:
            case Crash():
                await self._crash(fault, names)
            case ServiceFault():
                await self._service_fault(fault, names)
            case Kill():
                await self._kill(fault, names)
            case Held():
                await self._held(fault, names)
            case Scale():
                await self._scale(fault)
            case Roll():
                for service in fault.target:
                    await self._deploy(service)

    async def _service_fault(self, fault: ServiceFault, names: Sequence[str]) -> None:
        body = fault.body(self.scale)
        async with self._window(fault.kind, names, _described(body)):
            await self.hands.inject(body, *names)
            await asyncio.sleep(body["for_s"])
            # It ends by itself too; several on one replica would all be cleared.
            if not self._others_on(names):
                await self.hands.clear(*names)

    async def _crash(self, fault: Crash, names: Sequence[str]) -> None:
        async with self._window("crash", names, "dies by itself"):
            await self.hands.inject(fault.body(), *names)
            await self._replace(names, self.shape.replacement_s, crashed=True)

    async def _kill(self, fault: Kill, names: Sequence[str]) -> None:
        async with self._window("kill", names, "SIGKILL"):
            await self.hands.kill(*names)
            await self._replace(names, fault.for_s or self.shape.replacement_s)

    async def _replace(self, names: Sequence[str], after_s: float | None, *, crashed: bool = False) -> None:
        """Have the dead started after so long, or as soon as the runtime does by itself."""
        began_s = monotonic()
        if after_s is not None:
            await self.hands.keep_down(began_s + after_s / self.scale, *names, crashed=crashed)
        await self.hands.start(*names)
        self.say(f"{_listed(names)} replaced, {monotonic() - began_s:.1f} s after")

    async def _held(self, fault: Held, names: Sequence[str]) -> None:
        begin, end = {
            "pause": (self.hands.pause, self.hands.resume_these),
            "cut": (self.hands.cut, self.hands.join),
            "stop": (self.hands.stop, self.hands.start),
        }[fault.kind]
        async with self._window(fault.kind, names, ""):
            began_s = monotonic()
            await begin(*names)
            await asyncio.sleep(max(0.0, began_s + fault.for_s / self.scale - monotonic()))
            await end(*names)

    async def _scale(self, fault: Scale) -> None:
        for service in fault.target:
            before = len(self.status.of(service))
            async with self._window("scale", [service], f"to {fault.replicas}"):
                await self.hands.scale(service, fault.replicas)
                await asyncio.sleep(fault.for_s / self.scale)
                await self.hands.scale(service, before)

    async def _deploy(self, service: str) -> None:
        """Replace every replica by a new version."""
        names = [replica.name for replica in self.status.of(service)]
        async with self._window("roll", names, f"minimum healthy {self.shape.minimum_healthy} %"):
            if self.hands.runtime.scheduler:
                await self.hands.deploy(service, self.shape.minimum_healthy)
            else:
                await self._play_deployment(service, names)

    async def _play_deployment(self, service: str, names: Sequence[str]) -> None:
        """In batches, so many at once as may be missing; if none may, one more comes first."""
        spare = len(names) - kept_ready(len(names), self.shape.minimum_healthy)
        if spare == 0:
            await self.hands.scale(service, len(names) + 1)
        for first in range(0, len(names), max(1, spare)):
            batch = names[first : first + max(1, spare)]
            self.say(f"{_listed(batch)} replaced by a new version")
            began_s = monotonic()
            await self.hands.stop(*batch)
            await asyncio.sleep(max(0.0, began_s + (self.shape.replacement_s or 0) / self.scale - monotonic()))
            await self.hands.start(*batch)
            for name in batch:
                await patiently(wait_in_rotation, self.status.url, service, name)
        if spare == 0:
            await self.hands.scale(service, len(names))

    @asynccontextmanager
    async def _window(self, kind: str, names: Sequence[str], what: str) -> Any:
        window = FaultWindow(kind, list(names), what, monotonic())
        self.windows.append(window)
        self.say(f"{kind}: {_listed(names)}{f' ({what})' if what else ''}")
        try:
            yield
        finally:
            window.to_s = monotonic()
        self.say(f"{kind} is over: {_listed(names)}")

    def _others_on(self, names: Sequence[str]) -> bool:
        """Whether another fault is on at one of these."""
        on = [each for each in self.windows if each.to_s is None and set(each.targets) & set(names)]
        return len(on) > 1

    def _names(self, targets: Sequence[str]) -> list[str]:
        """The replicas meant, each once."""
        found = [
            replica.name
            for target in targets
            for replica in self.status.replicas
            if target in (replica.name, replica.service)
        ]
        return sorted(set(found))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _described(body: dict[str, Any]) -> str:
    shown = {name: value for name, value in body.items() if name not in ("kind", "for_s")}
    return ", ".join(f"{name} {value}" for name, value in shown.items())
