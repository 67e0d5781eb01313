"""Deadline: the moment by which a request must be answered, known to every call made on its behalf.

It is absolute and monotonic, so that handing it on never lengthens it; on the wire it travels as remaining time.
"""

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
        """Seconds left; zero or negative once the deadline has passed."""
        return self.at_s - self.clock()


# A task inherits it from whoever starts it: one that is to outlive the request sets it to None first.
current_deadline: ContextVar[Deadline | None] = ContextVar("current_deadline", default=None)
