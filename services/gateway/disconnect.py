"""A client that has gone takes its call along: nobody waits for the answer, so nothing should work on it."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")

# Most calls have ended by then; to watch each of them would cost it a tenth of all that the gateway does for it.
_WATCH_AFTER_S = 0.02


async def unless_gone(receive: Receive, work: Awaitable[T]) -> T:
    """The result of `work`, or ClientDisconnect soon after the client has gone; `work` is cancelled then.

    The request's body must have been received. The work runs in the caller's own task, which is what the watcher
    cancels: a task of its own would cost every request more than the watch itself.
    """
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    asked_before = task.cancelling()
    gone = False
    watcher: asyncio.Task[None] | None = None

    async def watch() -> None:
        nonlocal gone
        while (await receive())["type"] != "http.disconnect":
            pass
        gone = True
        task.cancel()

    def begin() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(_WATCH_AFTER_S, begin)
    try:
        return await work
    except asyncio.CancelledError:
        # A cancellation that somebody else asked for goes on, whether or not the client has gone as well.
        if gone and task.uncancel() <= asked_before:
            raise ClientDisconnect from None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
