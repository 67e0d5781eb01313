"""Timeout: no attempt may take longer than its limit.

The attempt is cancelled before the error is raised, so it does not continue in the background. If the task is cancelled
from outside at the same moment, `asyncio.timeout` raises that cancellation.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import TypeVar

from resilience.deadline import NO_DEADLINE, Deadline
from resilience.errors import AttemptTimeout, CallFailed, DeadlineExceeded

T = TypeVar("T")


async def call_within(call: Callable[[], Awaitable[T]], attempt_s: float, deadline: Deadline = NO_DEADLINE) -> T:
    """The call's answer or error.

    When the time is over, raises DeadlineExceeded if the deadline came before the end of `attempt_s`. Otherwise raises
    AttemptTimeout.
    """
    limit_s = min(attempt_s, deadline.remaining_s())
    try:
        async with asyncio.timeout(limit_s if limit_s < math.inf else None) as limit:
            return await call()
    except (TimeoutError, CallFailed) as error:
        # At the limit, the call may turn its cancellation into a CallFailed. The cause is still the limit.
        if not limit.expired():
            raise
        raise (DeadlineExceeded() if limit_s < attempt_s else AttemptTimeout()) from error
