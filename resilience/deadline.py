"""Deadline: the moment by which a request must be answered. Every call that is made for the request knows it.

It is absolute and monotonic, so that passing it on never makes it longer. Between processes it travels as the time
that remains.
"""

import math
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock, in seconds."""

    at_s: float
    clock: Callable[[], float] = monotonic

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = monotonic) -> "Deadline":
        return cls(clock() + seconds, clock)

    def remaining_s(self) -> float:
        """Seconds left; zero or negative after the deadline."""
        return self.at_s - self.clock()


NO_DEADLINE = Deadline(math.inf)

# A task inherits the deadline of the task that starts it.
current_deadline: ContextVar[Deadline | None] = ContextVar("current_deadline", default=None)
