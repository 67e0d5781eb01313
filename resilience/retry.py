"""Retry: a call that failed is made again, after a pause that differs from caller to caller.

The pause is drawn from the whole of an interval that doubles (full jitter; M. Brooker, "Exponential Backoff And
Jitter", AWS Architecture Blog), and is no shorter than the service asked for. Tenacity does the counting and the
waiting, and is entered only once a first attempt has failed: it costs more than all the other patterns together.
"""

import asyncio
import math
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState

from resilience.events import Announcer, RetryBudgetSpent, Retrying
from resilience.options import RetryOptions
from resilience.retry_budget import RetryBudget

T = TypeVar("T")

# An answer or an error, both of which may ask for a retry.
Ended = object


def asked_patience_s(ended: Ended) -> float | None:
    """The default: the seconds of patience that an answer or an error asks for in its `retry_after_s`."""
    return getattr(ended, "retry_after_s", None)


class Retry:
    """The attempts after the first. `failed` tells which answers and errors are the service's failure.

    A rejection and a cancellation are none, hence never retried.
    """

    def __init__(
        self,
        name: str,
        options: RetryOptions,
        budget: RetryBudget,
        *,
        failed: Callable[[Ended], bool],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
        patience_s: Callable[[Ended], float | None] = asked_patience_s,
        announcer: Announcer | None = None,
    ) -> None:
        self._name = name
        self._options = options
        self._budget = budget
        self._failed = failed
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._patience_s = patience_s
        self._announcer = announcer or Announcer()

    async def after(self, first: Callable[[], T], attempt: Callable[[], Awaitable[T]], deadline_s: float) -> T:
        """The result of a further attempt, or the last failure.

        `first` returns or raises what the first attempt did. A pause that would outlast the deadline is not begun.
        """
        replay: Callable[[], T] | None = first
        task = asyncio.current_task()
        assert task is not None, "whatever awaits in an event loop is a task"
        cancelling = task.cancelling()

        async def each() -> T:
            nonlocal replay
            if replay is not None:
                # Let go of the first failure once it has been told.
                again, replay = replay, None
                return again()
            return await attempt()

        retrying = AsyncRetrying(
            sleep=self._sleep,
            wait=self._backoff_s,
            stop=lambda state: self._give_up(state, deadline_s),
            # Whatever a call makes of its cancellation, it was cancelled.
            retry=lambda state: task.cancelling() == cancelling and self._failed(_ended(state)),
            before_sleep=self._announce,
            retry_error_callback=_result,
        )
        result: T = await retrying(each)
        return result

    def _backoff_s(self, state: RetryCallState) -> float:
        options = self._options
        longest_s = min(options.first_backoff_s * 2.0 ** (state.attempt_number - 1), options.max_backoff_s)
        return max(self._random() * longest_s, self._patience_s(_ended(state)) or 0.0)

    def _give_up(self, state: RetryCallState, deadline_s: float) -> bool:
        """Also charges the budget, which is why it asks that last."""
        if state.attempt_number >= self._options.max_attempts:
            return True
        if (self._patience_s(_ended(state)) or 0.0) > self._options.max_retry_after_s:
            return True
        now_s = self._clock()
        if deadline_s < math.inf and now_s + state.upcoming_sleep >= deadline_s:
            return True
        if self._budget.charge(now_s):
            return False
        if self._announcer.listeners:
            self._announcer.announce(RetryBudgetSpent(self._name, now_s))
        return True

    def _announce(self, state: RetryCallState) -> None:
        if self._announcer.listeners:
            event = Retrying(self._name, self._clock(), state.attempt_number, state.upcoming_sleep)
            self._announcer.announce(event)


def _ended(state: RetryCallState) -> Ended:
    assert state.outcome is not None, "tenacity asks once an attempt has ended"
    return state.outcome.exception() if state.outcome.failed else state.outcome.result()


def _result(state: RetryCallState) -> object:
    """The answer, or raises the error, of the last attempt."""
    assert state.outcome is not None, "tenacity asks once an attempt has ended"
    return state.outcome.result()
