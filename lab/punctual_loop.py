"""The event loop of the load: asyncio's own, given a few ready connections at a time, so that answers delay no send.

A server that was stalled answers a thousand requests at once. An event loop takes all that its selector found ready
before it looks at its timers, and libuv, below uvloop, even asks again for as long as it is given 1,024 at a time: that
much work later the next request goes out, late. The figures are in docs/decisions/0013.
"""

import asyncio
import selectors
from collections import deque

_AT_A_TIME = 8


class FewAtATime(selectors.DefaultSelector):
    """What is ready in the order in which it was found, a few each time; the rest comes with the next calls."""

    def __init__(self) -> None:
        super().__init__()
        self._found: deque[tuple[selectors.SelectorKey, int]] = deque()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._found:
            self._found.extend(super().select(timeout))
        few: list[tuple[selectors.SelectorKey, int]] = []
        registered = self.get_map()
        while self._found and len(few) < _AT_A_TIME:
            key, events = self._found.popleft()
            # A change since then makes another key: if that is ready, the next look tells.
            if registered.get(key.fd) is key:
                few.append((key, events))
        return few


def punctual_loop() -> asyncio.AbstractEventLoop:
    """For a `loop_factory`."""
    return asyncio.SelectorEventLoop(FewAtATime())
