"""Leak: the process takes more and more memory, really uses it, and is killed when it reaches its limit."""

import mmap
from typing import Literal

from pydantic import Field, PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

MIB = 1024 * 1024
# A container of docker-compose.yml has no more than that: there the kernel kills the process some MiB earlier. Where no
# container limits it, the fault does it in the kernel's place: it must not take the whole machine down.
LIMIT_MIB = 192
# What a process reports that the kernel killed for its memory.
EXIT_CODE = 137

_STEP_S = 0.1


class Leak(Fault):
    """`mib_per_s` more each second, in steps; cleared, all of it goes back to the system."""

    kind: Literal["leak"]
    mib_per_s: int = Field(ge=1, le=100)

    _leaked: list[mmap.mmap] = PrivateAttr(default_factory=list)
    _timer: Timer | None = PrivateAttr(None)

    @property
    def leaked_bytes(self) -> int:
        return sum(len(each) for each in self._leaked)

    def inject(self, host: Host) -> None:
        def step() -> None:
            try:
                self._leaked.append(_used(round(self.mib_per_s * MIB * _STEP_S)))
            except (OSError, MemoryError):
                host.die(EXIT_CODE)
            if self.leaked_bytes >= LIMIT_MIB * MIB:
                host.die(EXIT_CODE)
            self._timer = host.call_later(_STEP_S, step)

        self._timer = host.call_later(_STEP_S, step)

    def clear(self, host: Host) -> None:
        if self._timer is not None:
            self._timer.cancel()
        # Closed rather than forgotten: Python might keep what it has freed, the system takes a mapping back at once.
        while self._leaked:
            self._leaked.pop().close()


def _used(size: int) -> mmap.mmap:
    """Memory of which every page is written to: one that was only asked for takes up no room."""
    block = mmap.mmap(-1, size)
    pages = -(-size // mmap.PAGESIZE)
    block[:: mmap.PAGESIZE] = b"\1" * pages
    return block
