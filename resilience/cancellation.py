"""Cancellation: whether somebody outside has cancelled the running task.

A call can swallow its cancellation, or turn it into an error or an answer. The task was still cancelled: its caller is
gone, so the end of the call says nothing about the service, and another attempt would be for nobody.
"""

import asyncio


def cancellations() -> int:
    """How often the running task has been cancelled; compare two counts to see whether it happened in between."""
    task = asyncio.current_task()
    assert task is not None, "a coroutine that awaits runs in a task"
    return task.cancelling()
