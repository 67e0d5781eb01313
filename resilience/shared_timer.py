"""Shared timer: one pending call of the event loop ends every attempt that takes too long.

All attempts of a pipeline may take equally long, so they run out in the order in which they began: the loop is asked to
wake for the oldest alone, and to begin or end an attempt is to put its task into a dictionary or take it out.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from resilience.time_limit import CallLater, Timer


class Cancellable(Protocol):
    """A task, or what stands for one."""

    def cancel(self) -> object: ...


class Nested:
    """A task's further attempt, inside one that has the task itself for its key."""

    __slots__ = ("_task",)

    def __init__(self, task: "asyncio.Task[Any]") -> None:
        self._task = task

    def cancel(self) -> None:
        self._task.cancel()


class SharedTimer:
    """`running` has the end of every attempt under way, by its task; an attempt that is no longer in it has expired.

    It serves one event loop at a time: what an earlier one left behind is dropped when the next one arms it.
    """

    __slots__ = ("_call_later", "_clock", "_start", "loop", "running", "timeout_s")

    def __init__(self, timeout_s: float, clock: Callable[[], float], call_later: CallLater | None = None) -> None:
        self.timeout_s = timeout_s
        self.running: dict[Cancellable, float] = {}
        # The loop in which a wake-up is pending.
        self.loop: asyncio.AbstractEventLoop | None = None
        self._clock = clock
        self._call_later = call_later

    def arm(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have the loop wake this timer; to be called before the first attempt is put in."""
        if self.loop is not None:
            self.running.clear()
        self.loop = loop
        self._start: CallLater = self._call_later or loop.call_later
        self._wake_in(self.timeout_s)

    def expire(self, key: Cancellable) -> None:
        """End an attempt now; does nothing if it has ended."""
        if self.running.pop(key, None) is not None:
            key.cancel()

    def expire_in(self, seconds: float, key: Cancellable) -> Timer:
        """End an attempt before its time, by a timer of its own."""
        return self._start(seconds, lambda: self.expire(key))

    def _wake_in(self, seconds: float) -> None:
        loop = self.loop

        def wake() -> None:
            if self.loop is loop:
                self._wake()

        self._start(seconds, wake)

    def _wake(self) -> None:
        now_s = self._clock()
        for key, ends_s in list(self.running.items()):
            if ends_s > now_s:
                self._wake_in(ends_s - now_s)
                return
            self.expire(key)
        self.loop = None
