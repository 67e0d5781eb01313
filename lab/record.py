"""Every request of a load, kept compactly: a million of them take some 40 MB."""

import csv
import gzip
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWERED = ""
"""The failure of a request that did not fail."""


@dataclass(frozen=True, slots=True)
class Record:
    """One request that has ended. Times are seconds on the monotonic clock; the latency counts from when it was due.

    `degraded`: answered with cached data past its time, for this `reason`, or without a part. `retries`: as many as the
    answer admits.
    """

    due_s: float
    lag_s: float
    latency_s: float
    failure: str = ANSWERED
    replica: str = ""
    kind: str = ""
    degraded: bool = False
    retries: int = 0
    reason: str = ""

    @property
    def ended_s(self) -> float:
        return self.due_s + self.latency_s


class Records:
    """Records in the order in which the requests ended; each field is a column."""

    def __init__(self) -> None:
        self._due_s = array("d")
        self._lag_s = array("f")
        self._latency_s = array("f")
        self._failure = array("H")
        self._replica = array("H")
        self._kind = array("H")
        self._degraded = array("B")
        self._retries = array("B")
        self._reason = array("H")
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
        self._kind.append(self._number(record.kind))
        self._degraded.append(record.degraded)
        self._retries.append(min(record.retries, 255))
        self._reason.append(self._number(record.reason))

    def since(self, index: int) -> Iterator[Record]:
        """The records from this one on that are there now."""
        words = self._words
        for i in range(index, len(self)):
            yield Record(
                self._due_s[i],
                self._lag_s[i],
                self._latency_s[i],
                words[self._failure[i]],
                words[self._replica[i]],
                words[self._kind[i]],
                bool(self._degraded[i]),
                self._retries[i],
                words[self._reason[i]],
            )

    def _number(self, word: str) -> int:
        """A word's number: there are few different ones."""
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._words)
            self._words.append(word)
        return number


def write_csv(path: Path, records: Iterable[Record], started_s: float) -> None:
    """Every request as gzipped CSV; `due_s` counts from the start of the load."""
    with gzip.open(path, "wt", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("due_s", "lag_ms", "latency_ms", "kind", "failure", "replica", "degraded", "retries", "reason"))
        for each in records:
            times = (f"{each.due_s - started_s:.6f}", f"{each.lag_s * 1000:.3f}", f"{each.latency_s * 1000:.3f}")
            rows.writerow(
                (*times, each.kind, each.failure, each.replica, int(each.degraded), each.retries, each.reason)
            )
