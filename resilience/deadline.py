"""Deadline: the moment by which a request must be answered, known to every call made on its behalf.

It is absolute and monotonic, so that handing it on never lengthens it; on the wire it travels as remaining time.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.time_limit import CallLater, TimeLimit

T = TypeVar("T")


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


current_deadline: ContextVar[Deadline | None] = ContextVar("current_deadline", default=None)


async def attempt(
    call: Callable[[], Awaitable[T]], timeout_s: float, deadline: Deadline, call_later: CallLater | None = None
) -> T:
    """Run one attempt for min(timeout, remaining) seconds. An expired deadline never dispatches.

    Raises AttemptTimeout if the attempt had all of `timeout_s`, DeadlineExceeded if the deadline cut it short; whatever
    the call itself raises passes as it is. `call_later` is the event loop's, unless a test brings its own time.
    """
    remaining_s = deadline.remaining_s()
    if remaining_s <= 0:
        raise DeadlineExceeded
    cut_short = remaining_s < timeout_s
    with TimeLimit(
        remaining_s if cut_short else timeout_s, DeadlineExceeded if cut_short else AttemptTimeout, call_later
    ):
        return await call()
