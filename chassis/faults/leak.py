"""Leak: the process uses more and more memory, and is killed when it reaches the limit."""

import mmap
from typing import Literal

from pydantic import Field, PrivateAttr

from chassis.faults.fault import Fault
from chassis.faults.host import Host, Timer

MIB = 1024 * 1024
# The memory limit of a container in docker-compose.yml: there, the kernel kills the process some MiB earlier. Without a
# container, the fault itself ends the process, so that the machine does not run out of memory.
LIMIT_MIB = 192
# The exit code of a process that the kernel killed because of its memory.
EXIT_CODE = 137

_STEP_S = 0.1


class Leak(Fault):
    """Takes `mib_per_s` more in each second. `clear` gives all of it back to the system."""

    kind: Literal["leak"]
    mib_per_s: int = Field(ge=1, le=100)

    _leaked: list[mmap.mmap] = PrivateAttr(default_factory=list)
    _timer: Timer | None = PrivateAttr(None)

    @property
    def leaked_bytes(self) -> int:
        return sum(len(block) for block in self._leaked)

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
        # `close` gives the memory back to the system at once. Freed Python objects might stay in the process.
        while self._leaked:
            self._leaked.pop().close()


def _used(size: int) -> mmap.mmap:
    """New memory with a byte written to each page. The system provides a page only when it is written to."""
    block = mmap.mmap(-1, size)
    pages = -(-size // mmap.PAGESIZE)
    block[:: mmap.PAGESIZE] = b"\1" * pages
    return block
