"""Timeout: no attempt may take longer than its limit.

The attempt is cancelled first and then reported, so that nothing goes on unseen. A cancellation from outside in the
same moment wins: `asyncio.timeout` lets it pass.
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

    Raises AttemptTimeout if the call had its whole `attempt_s`, DeadlineExceeded if the deadline left it less.
    """
    limit_s = min(attempt_s, deadline.remaining_s())
    try:
        async with asyncio.timeout(limit_s if limit_s < math.inf else None) as limit:
            return await call()
    except (TimeoutError, CallFailed) as error:
        # A call may also make a CallFailed of the cancellation at its limit: the reason is still the time.
        if not limit.expired():
            raise
        raise (DeadlineExceeded() if limit_s < attempt_s else AttemptTimeout()) from error
