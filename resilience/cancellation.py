"""Cancellation: whether code outside the call has cancelled the running task.

A call can catch its cancellation and raise an error or return an answer instead. The task is still cancelled. Its
caller has gone, so the result says nothing about the service, and a retry is useless.
"""

import asyncio


def is_cancelled() -> bool:
    """Whether the running task has been cancelled. The cancellation of `asyncio.timeout` does not count."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
