"""Waiting for a condition of another process, which sends no event."""

import time
from collections.abc import Callable

from stack.errors import StackError

_STEP_S = 0.05


def until(
    condition: Callable[[], bool], timeout_s: float, otherwise: Callable[[], str], step_s: float = _STEP_S
) -> None:
    """Return once `condition()` holds; a StackError with the sentence of `otherwise()` when the time is over.

    The condition is looked at every `step_s` seconds.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(otherwise())
        time.sleep(step_s)
