"""Every request of a load, kept compactly: a million of them take some 30 MB."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

ANSWERED = ""
"""The failure of a request that did not fail."""


@dataclass(frozen=True, slots=True)
class Record:
    """One request that has ended. Times are seconds on the monotonic clock; the latency counts from when it was due."""

    due_s: float
    lag_s: float
    latency_s: float
    failure: str = ANSWERED
    replica: str = ""


class Records:
    """Records in the order in which the requests ended; each field is a column."""

    def __init__(self) -> None:
        self._due_s = array("d")
        self._lag_s = array("f")
        self._latency_s = array("f")
        self._failure = array("H")
        self._replica = array("H")
        self._words = [""]
        self._numbers = {"": 0}

    def __len__(self) -> int:
        return len(self._due_s)

    def append(self, record: Record) -> None:
        self._due_s.append(record.due_s)
        self._lag_s.append(record.lag_s)
        self._latency_s.append(record.latency_s)
        self._failure.append(self._number(record.failure))
        self._replica.append(self._number(record.replica))

    def since(self, index: int) -> Iterator[Record]:
        """The records from this one on that are there now."""
        for i in range(index, len(self)):
            failure, replica = self._words[self._failure[i]], self._words[self._replica[i]]
            yield Record(self._due_s[i], self._lag_s[i], self._latency_s[i], failure, replica)

    def _number(self, word: str) -> int:
        """A word's number: there are few different ones."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._words)
            self._words.append(word)
        return number
