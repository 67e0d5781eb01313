"""Sends the state of the board to many pages. Each message is made once for all of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chassis.problems import Problem

# A message at least this often shows a page that its stream still works.
_QUIET_S = 5.0
# The time after which a browser connects again when the stream has ended.
_RETRY = b"retry: 1000\n\n"


class Channel:
    """`full` returns all that a new page needs, or one that missed a message; `age_s` returns the age of that."""

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
        """The stream for one page. Raises a Problem if too many pages are open."""
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
        """The age is an event of its own, because it differs for each page. The rest is made once."""
        if self._full_made[0] != self._number:
            self._full_made = (self._number, _event("state", self._number, self._full()))
        return self._age() + self._full_made[1]

    def _age(self) -> bytes:
        return _event("age", self._number, round(self._age_s(), 3))


def _event(kind: str, number: int, content: Any) -> bytes:
    return f"event: {kind}\nid: {number}\ndata: {json.dumps(content, separators=(',', ':'))}\n\n".encode()
