"""Time limit: a block of code is cancelled when its time is up, and told apart from every other cancellation.

What `asyncio.timeout` does, with the timer as an argument, so that tests need not wait, and at a third of its cost.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Protocol


class Timer(Protocol):
    """A pending call, as `loop.call_later` returns it."""

    def cancel(self) -> None: ...


CallLater = Callable[[float, Callable[[], None]], Timer]


class TimeLimit:
    """`with TimeLimit(seconds, SomeRejection):` raises a SomeRejection when the block takes longer.

    Whatever the block itself raises, a TimeoutError too, passes as it is; so does a cancellation from outside, even
    when it comes in the same moment as the end of the time.
    """

    __slots__ = ("_cancelling", "_error", "_seconds", "_start_timer", "_task", "_timer", "expired")

    def __init__(self, seconds: float, error: type[Exception], call_later: CallLater | None = None) -> None:
        self.expired = False
        self._seconds = seconds
        self._error = error
        self._start_timer = call_later or asyncio.get_running_loop().call_later

    def __enter__(self) -> "TimeLimit":
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a time limit needs a task that it can cancel")
        self._task = task
        self._cancelling = task.cancelling()
        self._timer = self._start_timer(self._seconds, self._expire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if not self.expired:
            return
        # Anyone else who cancelled the task in the meantime is still counted, and comes first.
        somebody_else = self._task.uncancel() > self._cancelling
        if kind is asyncio.CancelledError and not somebody_else:
            raise self._error from None

    def _expire(self) -> None:
        self.expired = True
        self._task.cancel()
