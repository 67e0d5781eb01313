"""Cancellation: whether somebody outside has cancelled the running task.

A call can swallow its cancellation, or turn it into an error or an answer. The task was still cancelled: its caller is
gone, so the end of the call says nothing about the service, and another attempt would be for nobody.
"""

import asyncio


def is_cancelled() -> bool:
    """Whether the running task has been cancelled. `asyncio.timeout` takes its own cancellation back."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
