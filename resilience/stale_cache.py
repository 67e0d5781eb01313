"""Stale cache: the last good answers, bounded in number and in bytes; the least recently used one goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from resilience.options import StaleCacheOptions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remembered(Generic[T]):
    """An answer, the moment it arrived, and its size."""

    answer: T
    at_s: float
    size_bytes: int


class StaleCache(Generic[T]):
    """Answers by key. If an answer belongs to a user, the key must name the user. `size_of` returns bytes."""

    def __init__(self, options: StaleCacheOptions | None = None, *, size_of: Callable[[T], int]) -> None:
        self.options = options or StaleCacheOptions()
        self.size_bytes = 0
        self._size_of = size_of
        self._entries: OrderedDict[Hashable, Remembered[T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, now_s: float) -> Remembered[T] | None:
        """The answer that is remembered, unless it is too old to be served at all."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now_s - entry.at_s > self.options.stale_s:
            self.forget(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def put(self, key: Hashable, answer: T, now_s: float) -> None:
        """Remember an answer in place of the former one, unless it is larger than the whole cache."""
        self.forget(key)
        size_bytes = self._size_of(answer)
        if size_bytes > self.options.max_bytes:
            return
        self._entries[key] = Remembered(answer, now_s, size_bytes)
        self.size_bytes += size_bytes
        while self.size_bytes > self.options.max_bytes or len(self._entries) > self.options.max_entries:
            self.forget(next(iter(self._entries)))

    def forget(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size_bytes -= entry.size_bytes
