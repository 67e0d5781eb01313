"""Deadline: the moment by which a request must be answered. Every call made for the request can read it.

It is a point on the monotonic clock, so a retry or a nested call does not make it longer. Between processes, the
remaining time is sent instead.
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
