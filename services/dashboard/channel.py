"""From one board to many pages: each message is made once, whoever is listening."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chassis.problems import Problem

# A comment, so that a stream on which nothing happens is told apart from one that has died.
_QUIET_S = 5.0
_STILL_HERE = b": still here\n\n"
# How soon a browser asks again when the stream has ended.
_RETRY = b"retry: 1000\n\n"


class Channel:
    """`full` gives what a page needs that knows nothing yet, or has missed something."""

    def __init__(self, full: Callable[[], Any], stopping: Callable[[], bool], max_pages: int) -> None:
        self._full = full
        self._stopping = stopping
        self._max_pages = max_pages
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
                    await asyncio.wait_for(changed.wait(), _QUIET_S)
                except TimeoutError:
                    yield _STILL_HERE
                continue
            message = self._news if self._number == seen + 1 else self._everything()
            seen = self._number
            yield message

    def _everything(self) -> bytes:
        if self._full_made[0] != self._number:
            self._full_made = (self._number, _event("state", self._number, self._full()))
        return self._full_made[1]


def _event(kind: str, number: int, content: Any) -> bytes:
    return f"event: {kind}\nid: {number}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
