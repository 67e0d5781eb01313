"""Synthetic records: requests at a constant rate, of which some fail."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from lab.record import Record

Change = Callable[[Record], Record]


def steady(
    seconds: float, rate: float = 10, latency_ms: float = 5, kind: str = "search", start_s: float = 0
) -> list[Record]:
    """All answered, one every 1 / rate seconds."""
    count = round(seconds * rate)
    return [
        Record(start_s + number / rate, 0, latency_ms / 1000, replica="products-1", kind=kind)
        for number in range(count)
    ]


def failing(records: Iterable[Record], from_s: float, to_s: float, failure: str = "status 503") -> list[Record]:
    """The same, but those that were due in this time failed."""
    return [replace(each, failure=failure) if from_s <= each.due_s < to_s else each for each in records]
