"""Cancels the work for a client that has disconnected."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")

# Most calls end earlier. For them, no watcher task is started.
_WATCH_AFTER_S = 0.02


async def unless_disconnected(receive: Receive, work: Awaitable[T]) -> T:
    """The result of `work`. If the client disconnects first, `work` is cancelled and ClientDisconnect is raised.

    The body of the request must have been received. The work runs in the task of the caller, and the watcher cancels
    that task.
    """
    # `task.cancelling()` counts the cancellations of a task, and `uncancel()` takes one back. If the count is then as
    # low as before, the cancellation by the watcher was the only one.
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    cancelling_before = task.cancelling()
    disconnected = False
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal disconnected
        while (await receive())["type"] != "http.disconnect":
            pass
        disconnected = True
        task.cancel()

    def start_watching() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(_WATCH_AFTER_S, start_watching)
    try:
        return await work
    except asyncio.CancelledError:
        # If other code has cancelled the task too, that cancellation must not be caught.
        if disconnected and task.uncancel() <= cancelling_before:
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
