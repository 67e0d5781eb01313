"""Stale cache: the last good answers, limited in number and in bytes. The least recently used one is dropped first.

Two reads of one key can run at the same time. If one of them changes the cache, the other one may still return an older
state of the service. Its answer is outdated and must not be stored.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
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


@dataclass(slots=True, eq=False)
class Reading:
    """A read that is under way. It is `outdated` if meanwhile an answer of its key was stored or deleted."""

    outdated: bool = False


class StaleCache(Generic[T]):
    """Answers by key. If an answer is only for one user, the key must contain the user. `size_of` returns bytes."""

    def __init__(self, options: StaleCacheOptions | None = None, *, size_of: Callable[[T], int]) -> None:
        self.options = options or StaleCacheOptions()
        self.size_bytes = 0
        self._size_of = size_of
        self._entries: OrderedDict[Hashable, Remembered[T]] = OrderedDict()
        self._readings: dict[Hashable, set[Reading]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, now_s: float) -> Remembered[T] | None:
        """The stored answer, or None if there is none or it is older than `stale_s`."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if now_s - entry.at_s > self.options.stale_s:
            self._remove(key)
            return None
        self._entries.move_to_end(key)
        return entry

    @contextmanager
    def reading(self, key: Hashable) -> Iterator[Reading]:
        """Call the service for `key` inside this block, and check `outdated` after it."""
        reading = Reading()
        self._readings.setdefault(key, set()).add(reading)
        try:
            yield reading
        finally:
            self._readings[key].remove(reading)
            if not self._readings[key]:
                del self._readings[key]

    def put(self, key: Hashable, answer: T, now_s: float) -> None:
        """Store an answer in place of the old one, unless it is larger than the whole cache."""
        self.forget(key)
        size_bytes = self._size_of(answer)
        if size_bytes > self.options.max_bytes:
            return
        self._entries[key] = Remembered(answer, now_s, size_bytes)
        self.size_bytes += size_bytes
        while self.size_bytes > self.options.max_bytes or len(self._entries) > self.options.max_entries:
            self._remove(next(iter(self._entries)))

    def forget(self, key: Hashable) -> None:
        """Delete the answer of `key`. The reads of `key` that are under way become outdated."""
        self._remove(key)
        for reading in self._readings.get(key, ()):
            reading.outdated = True

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size_bytes -= entry.size_bytes
