"""The outcome of visits: of one, of one second, and of the last few seconds."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Literal

JOURNEYS = ("search", "products", "customers", "orders")
"""`search` goes from nginx to the replicas of Products, the others go through the gateway."""

Outcome = Literal["answered", "stale", "failed"]


@dataclass(frozen=True, slots=True)
class Visit:
    """`why` is the reason of a failure, `served_by` the replica that answered."""

    journey: str
    outcome: Outcome
    latency_ms: float
    why: str = ""
    served_by: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Some visits, counted. Shares are of all of them."""

    answered: int
    stale: int
    failed: int
    p99_ms: float | None
    journeys: dict[str, "Summary"]
    reasons: dict[str, int]
    served_by: dict[str, int]

    @property
    def sent(self) -> int:
        return self.answered + self.stale + self.failed

    @property
    def failed_share(self) -> float:
        return self.failed / self.sent if self.sent else 0.0


def summarise(visits: Iterable[Visit], journeys: Iterable[str] = JOURNEYS) -> Summary:
    visits = list(visits)
    outcomes = Counter(visit.outcome for visit in visits)
    return Summary(
        outcomes["answered"],
        outcomes["stale"],
        outcomes["failed"],
        p99_ms([visit.latency_ms for visit in visits]),
        {each: summarise([visit for visit in visits if visit.journey == each], ()) for each in journeys},
        dict(Counter(visit.why for visit in visits if visit.why)),
        dict(Counter(visit.served_by for visit in visits if visit.served_by)),
    )


def p99_ms(latencies_ms: list[float]) -> float | None:
    """The 99th percentile by the nearest rank."""
    return sorted(latencies_ms)[ceil(0.99 * len(latencies_ms)) - 1] if latencies_ms else None


class Recent:
    """The visits of the last `seconds`, added second by second."""

    def __init__(self, seconds: float, at: float) -> None:
        self._seconds = seconds
        self._since = self._at = at
        self._added: deque[tuple[float, list[Visit]]] = deque()

    @property
    def span_s(self) -> float:
        """The seconds that the visits cover; fewer at the start."""
        return self._at - self._since

    def add(self, visits: list[Visit], at: float) -> None:
        self._at = at
        self._added.append((at, visits))
        while self._added[0][0] <= at - self._seconds:
            self._since, _ = self._added.popleft()

    def summary(self, seconds: float | None = None) -> Summary:
        """All of them, or those of the last few seconds."""
        since = self._at - (seconds or self._seconds)
        return summarise(visit for at, visits in self._added if at > since for visit in visits)
