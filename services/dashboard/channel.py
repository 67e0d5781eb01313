"""From one board to many pages: each message is made once, whoever is listening."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chassis.problems import Problem

# So that a stream on which nothing happens is told apart from one that has died.
_QUIET_S = 5.0
# How soon a browser asks again when the stream has ended.
_RETRY = b"retry: 1000\n\n"


class Channel:
    """`full` gives what a page needs that knows nothing yet, or has missed something, `age_s` how old that is."""

    def __init__(
        self,
        full: Callable[[], Any],
        age_s: Callable[[], float],
        stopping: Callable[[], bool],
        max_pages: int,
        quiet_s: float = _QUIET_S,
    ) -> None:
        self._full = full
        self._age_s = age_s
        self._stopping = stopping
        self._max_pages = max_pages
        self._quiet_s = quiet_s
        self._number = 0
        self._news = b""
        self._full_made: tuple[int, bytes] = (-1, b"")
        self._changed = asyncio.Event()
        self.pages = 0

    def publish(self, news: Any) -> None:
        self._number += 1
        self._news = _event("news", self._number, news)
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @contextmanager
    def page(self) -> Iterator[AsyncIterator[bytes]]:
        """The stream for one page. A Problem where there are too many already."""
        if self.pages >= self._max_pages:
            raise Problem(503, "Too many pages are open.", retry_after_s=5)
        self.pages += 1
        try:
            yield self._stream()
        finally:
            self.pages -= 1

    async def _stream(self) -> AsyncIterator[bytes]:
        seen = self._number
        yield _RETRY + self._everything()
        while not self._stopping():
            changed = self._changed
            if self._number == seen:
                try:
                    await asyncio.wait_for(changed.wait(), self._quiet_s)
                except TimeoutError:
                    yield self._age()
                continue
            message = self._news if self._number == seen + 1 else self._everything()
            seen = self._number
            yield message

    def _everything(self) -> bytes:
        """The age comes first and by itself: it is another one each time, and everything is made once."""
        if self._full_made[0] != self._number:
            self._full_made = (self._number, _event("state", self._number, self._full()))
        return self._age() + self._full_made[1]

    def _age(self) -> bytes:
        return _event("age", self._number, round(self._age_s(), 3))


def _event(kind: str, number: int, content: Any) -> bytes:
    return f"event: {kind}\nid: {number}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
