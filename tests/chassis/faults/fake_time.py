"""Time that passes when a test says so."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(eq=False)
class FakeTimer:
    at_s: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeTime:
    """A clock and the timers that wait for it."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self._timers: list[FakeTimer] = []

    def clock(self) -> float:
        return self.now_s

    def call_later(self, seconds: float, call: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(self.now_s + seconds, call)
        self._timers.append(timer)
        return timer

    @property
    def pending(self) -> int:
        return len(self._waiting())

    def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that falls into it, in order."""
        end_s = self.now_s + seconds
        while (due := min(self._waiting(), key=lambda each: each.at_s, default=None)) and due.at_s <= end_s + 1e-9:
            self._timers.remove(due)
            self.now_s = max(self.now_s, due.at_s)
            due.call()
        # A call may have taken time of its own.
        self.now_s = max(self.now_s, end_s)

    def _waiting(self) -> list[FakeTimer]:
        self._timers = [each for each in self._timers if not each.cancelled]
        return self._timers
