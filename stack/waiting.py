"""Waiting for a condition of another process, which sends no event."""

import time
from collections.abc import Callable

from stack.errors import StackError

_STEP_S = 0.05


def until(condition: Callable[[], bool], timeout_s: float, otherwise: Callable[[], str]) -> None:
    """Return once `condition()` holds; a StackError with the sentence of `otherwise()` when the time is over."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise StackError(otherwise())
        time.sleep(_STEP_S)
