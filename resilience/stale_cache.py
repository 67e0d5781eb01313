"""Stale cache: the last good answers, bounded in number and in bytes; the least recently used one goes first.

Two reads of one key can overtake each other. The one that began before the other one changed the cache may know an
older state of the service: its answer is outdated, and must not be remembered.
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
    """A read that is under way; it is `outdated` once an answer of its key was stored or forgotten."""

    outdated: bool = False


class StaleCache(Generic[T]):
    """Answers by key. If an answer belongs to a user, the key must name the user. `size_of` returns bytes."""

    def __init__(self, options: StaleCacheOptions | None = None, *, size_of: Callable[[T], int]) -> None:
        self.options = options or StaleCacheOptions()
        self.size_bytes = 0
        self._size_of = size_of
        self._entries: OrderedDict[Hashable, Remembered[T]] = OrderedDict()
        self._readings: dict[Hashable, set[Reading]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable, now_s: float) -> Remembered[T] | None:
        """The answer that is remembered, unless it is too old to be served at all."""
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
        """Read `key` from the service inside this block; afterwards see whether the answer is outdated."""
        reading = Reading()
        self._readings.setdefault(key, set()).add(reading)
        try:
            yield reading
        finally:
            self._readings[key].remove(reading)
            if not self._readings[key]:
                del self._readings[key]

    def put(self, key: Hashable, answer: T, now_s: float) -> None:
        """Remember an answer in place of the former one, unless it is larger than the whole cache."""
        self.forget(key)
        size_bytes = self._size_of(answer)
        if size_bytes > self.options.max_bytes:
            return
        self._entries[key] = Remembered(answer, now_s, size_bytes)
        self.size_bytes += size_bytes
        while self.size_bytes > self.options.max_bytes or len(self._entries) > self.options.max_entries:
            self._remove(next(iter(self._entries)))

    def forget(self, key: Hashable) -> None:
        """Remember no answer for `key`; the reads that are under way are outdated."""
        self._remove(key)
        for reading in self._readings.get(key, ()):
            reading.outdated = True

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size_bytes -= entry.size_bytes
