"""Retry: a call that failed is made again, after a pause that differs from caller to caller.

The pause is drawn from the whole of an interval that doubles (full jitter; M. Brooker, "Exponential Backoff And
Jitter", AWS Architecture Blog). If the service asked for patience it comes after that: all who were told the same would
otherwise come back in the same moment.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from itertools import count
from random import random
from time import monotonic
from typing import Generic, NoReturn, TypeVar, cast

from resilience.events import Announcer, RetryBudgetSpent, Retrying
from resilience.options import RetryBudgetOptions, RetryOptions
from resilience.outcome import Outcome, classify_error
from resilience.retry_budget import RetryBudget

T = TypeVar("T")

# An answer or an error, both of which may ask for a retry.
Ended = object


def asked_patience_s(ended: Ended) -> float | None:
    """The default: the seconds of patience that an answer or an error asks for in its `retry_after_s`."""
    return getattr(ended, "retry_after_s", None)


class Attempt(Generic[T]):
    """How an attempt ended. An error is let go of as soon as it can be.

    Its traceback leads to the frames that know this object: kept here, it would be in a ring.
    """

    __slots__ = ("_answer", "_error")

    def __init__(self, answer: T | None = None, error: Exception | None = None) -> None:
        self._answer = answer
        self._error = error

    @property
    def ended(self) -> Ended:
        return self._answer if self._error is None else self._error

    def forget(self) -> None:
        self._answer = self._error = None

    def result(self) -> T:
        """The answer, or raises the error."""
        if self._error is not None:
            self._raise()
        return cast(T, self._answer)

    def _raise(self) -> NoReturn:
        error, self._error = self._error, None
        assert error is not None
        try:
            raise error
        finally:
            del error


def error_failed(ended: Ended) -> bool:
    """The default: an error that is the service's; never an answer."""
    return isinstance(ended, Exception) and classify_error(ended) is Outcome.FAILURE


class Retry:
    """The attempts after the first. `failed` tells which answers and errors are the service's failure.

    A rejection and a cancellation are none, hence never retried.
    """

    def __init__(
        self,
        name: str,
        options: RetryOptions | None = None,
        budget: RetryBudget | None = None,
        *,
        failed: Callable[[Ended], bool] = error_failed,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random,
        patience_s: Callable[[Ended], float | None] = asked_patience_s,
        announcer: Announcer | None = None,
    ) -> None:
        self._name = name
        self._options = options or RetryOptions()
        self._budget = budget or RetryBudget(RetryBudgetOptions(), clock())
        self._failed = failed
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._patience_s = patience_s
        self._announcer = announcer or Announcer()

    async def call(self, call: Callable[[], Awaitable[T]], deadline_s: float = math.inf) -> T:
        """Make an idempotent call with retries alone; a pipeline does the same with everything else around it."""
        task = asyncio.current_task()
        assert task is not None, "whatever awaits in an event loop is a task"
        cancelling = task.cancelling()
        self._budget.originals.add(self._clock())
        try:
            answer = await call()
        except Exception as error:
            if not self._failed(error):
                raise
            first: Attempt[T] = Attempt(error=error)
        else:
            if not self._failed(answer):
                return answer
            first = Attempt(answer)
        return await self.after(first, call, deadline_s, cancelling)

    async def after(
        self, failed: Attempt[T], attempt: Callable[[], Awaitable[T]], deadline_s: float, cancelling: int
    ) -> T:
        """The result of a further attempt, or the last failure. A pause that would outlast the deadline is not begun.

        `cancelling` is how often the task had been cancelled before the first attempt: whatever a call makes of a
        cancellation that has come since, it was cancelled.
        """
        task = asyncio.current_task()
        assert task is not None, "whatever awaits in an event loop is a task"
        for attempts in count(1):
            pause_s = None if task.cancelling() > cancelling else self._pause_s(attempts, failed.ended, deadline_s)
            if pause_s is None:
                break
            failed.forget()
            await self._sleep(pause_s)
            try:
                failed = Attempt(await attempt())
            except Exception as error:
                failed = Attempt(error=error)
            if not self._failed(failed.ended):
                break
        return failed.result()

    def _pause_s(self, attempts: int, ended: Ended, deadline_s: float) -> float | None:
        """How long to wait before another attempt, which is thereby paid for; None if there is to be none."""
        options = self._options
        if attempts >= options.max_attempts:
            return None
        patience_s = max(0.0, self._patience_s(ended) or 0.0)
        if patience_s > options.max_retry_after_s:
            return None
        longest_s = min(options.first_backoff_s * 2.0 ** (attempts - 1), options.max_backoff_s)
        pause_s = patience_s + self._random() * longest_s
        now_s = self._clock()
        if now_s + pause_s >= deadline_s:
            return None
        paid = self._budget.charge(now_s)
        if self._announcer.listeners:
            event = Retrying(self._name, now_s, attempts, pause_s) if paid else RetryBudgetSpent(self._name, now_s)
            self._announcer.announce(event)
        return pause_s if paid else None
