"""What a fault acts on: the process, its clock, its random numbers and its database. A test may replace each."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from chassis.database import Database


class Timer(Protocol):
    """A call that is still to come, as `loop.call_later` returns it."""

    def cancel(self) -> None: ...


CallLater = Callable[[float, Callable[[], None]], Timer]


def _call_later(seconds: float, call: Callable[[], None]) -> Timer:
    return asyncio.get_running_loop().call_later(seconds, call)


@dataclass(slots=True)
class Host:
    """`block` blocks the whole event loop. `die` ends the process at once with an exit code."""

    clock: Callable[[], float] = time.monotonic
    call_later: CallLater = _call_later
    rng: Random = field(default_factory=Random)
    block: Callable[[float], None] = time.sleep
    # Not SIGKILL: the kernel does not let the first process of a container kill itself.
    die: Callable[[int], None] = os._exit
    database: Database | None = None
