"""Retry: a call that failed is made again after a pause, with tenacity.

`_is_worth_a_retry` decides whether the last attempt is retried. The `stop` conditions in `Retry.call` decide whether
there is still time and budget for it.

The pause is random between 0 and a limit that doubles (full jitter; M. Brooker, "Exponential Backoff And Jitter", AWS
Architecture Blog). If the service asks its callers to wait, the random pause is added to that wait. Without it, all
callers would come back at the same moment.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import random
from time import monotonic
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, stop_any
from tenacity.stop import stop_base

from resilience.deadline import NO_DEADLINE, Deadline
from resilience.events import Announcer, RetryBudgetSpent, Retrying
from resilience.options import RetryOptions
from resilience.outcome import Outcome
from resilience.retry_budget import RetryBudget

T = TypeVar("T")


class stop_if(stop_base):  # noqa: N801 - the strategies of tenacity are named like functions
    """Stop if the condition holds."""

    def __init__(self, condition: Callable[[RetryCallState], bool]) -> None:
        self._condition = condition

    def __call__(self, retry_state: RetryCallState) -> bool:
        return self._condition(retry_state)


class Retry:
    """The retries of one service. Only a failure of the service is retried; a bug or a cancellation never is."""

    def __init__(
        self,
        name: str,
        options: RetryOptions,
        budget: RetryBudget,
        *,
        announcer: Announcer | None = None,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random,
    ) -> None:
        self._name = name
        self._options = options
        self._budget = budget
        self._announcer = announcer or Announcer()
        self._clock = clock
        self._sleep = sleep
        self._random = random

    async def call(
        self, attempt: Callable[[], Awaitable[T]], outcomes: list[Outcome], deadline: Deadline = NO_DEADLINE
    ) -> T:
        """The result of the last attempt. `attempt` must be idempotent, and must add its outcome to `outcomes`.

        The first attempt is made without tenacity, because tenacity costs more time than all other patterns together,
        and most calls succeed at once. If the attempt fails, tenacity gets its result as that of the first attempt.
        """
        try:
            answer = await attempt()
        except Exception as error:
            if not _is_worth_a_retry(outcomes, attempts=1):
                raise
            first: asyncio.Future[T] = asyncio.Future()
            first.set_exception(error)
        else:
            if not _is_worth_a_retry(outcomes, attempts=1):
                return answer
            first = asyncio.Future()
            first.set_result(answer)
        ended = [first]

        async def next_attempt() -> T:
            return ended.pop().result() if ended else await attempt()

        result: T = await self._retrying(outcomes, deadline)(next_attempt)
        return result

    def _retrying(self, outcomes: list[Outcome], deadline: Deadline) -> AsyncRetrying:
        """tenacity's retry loop for one call."""
        return AsyncRetrying(
            retry=lambda state: _is_worth_a_retry(outcomes, state.attempt_number),
            wait=self._pause_s,
            stop=stop_any(
                stop_after_attempt(self._options.max_attempts),
                stop_if(self._must_wait_too_long),
                stop_if(lambda state: state.upcoming_sleep >= deadline.remaining_s()),
                # This must be the last condition: it charges the budget, and the retry then takes place.
                stop_if(self._budget_is_spent),
            ),
            before_sleep=self._announce_retry,
            sleep=self._sleep,
            # When the retries stop, return the last answer or raise the last error, without tenacity's RetryError.
            retry_error_callback=lambda state: _ended(state).result(),
        )

    def _pause_s(self, state: RetryCallState) -> float:
        limit_s = self._options.first_backoff_s * 2.0 ** (state.attempt_number - 1)
        return _retry_after_s(state) + self._random() * min(limit_s, self._options.max_backoff_s)

    def _must_wait_too_long(self, state: RetryCallState) -> bool:
        return _retry_after_s(state) > self._options.max_retry_after_s

    def _budget_is_spent(self, state: RetryCallState) -> bool:
        now_s = self._clock()
        paid = self._budget.charge(now_s)
        if not paid:
            self._announcer.announce(RetryBudgetSpent(self._name, now_s))
        return not paid

    def _announce_retry(self, state: RetryCallState) -> None:
        event = Retrying(self._name, self._clock(), state.attempt_number, state.upcoming_sleep)
        self._announcer.announce(event)


def _is_worth_a_retry(outcomes: list[Outcome], attempts: int) -> bool:
    """Whether the last attempt failed. A failure that the request itself may cause is retried only once.

    An attempt that was rejected before its dispatch has no outcome. It is not retried.
    """
    if len(outcomes) < attempts or outcomes[-1] is Outcome.SUCCESS:
        return False
    last = outcomes[-1]
    return last is Outcome.FAILURE or (last is Outcome.REQUEST_FAILURE and outcomes.count(last) == 1)


def _ended(state: RetryCallState) -> Any:
    assert state.outcome is not None, "tenacity calls the strategies after an attempt"
    return state.outcome


def _retry_after_s(state: RetryCallState) -> float:
    """The time for which the service asks its callers to wait, in its answer or in the error."""
    ended = _ended(state)
    return max(0.0, getattr(ended.exception() or ended.result(), "retry_after_s", None) or 0.0)
