"""Every replica, with its state and the time of its last change. A replica that vanished is kept for a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.dashboard.places import WATCHED
from services.dashboard.rates import NOTHING, Lately, Rates
from services.dashboard.reading import Reading, State

# As long as the history, which shows the replica by name.
REMEMBERED_S = 120.0
_BELIEVED_S = 3.0


@dataclass(slots=True)
class Member:
    """A replica over time."""

    reading: Reading
    since: float
    rates: Rates = field(default_factory=Rates)
    lately: Lately = NOTHING
    patterns: Mapping[str, Any] | None = None
    faults: tuple[Mapping[str, Any], ...] = ()
    """Their `left_s` is as it was at `faults_at`."""
    faults_at: float = 0.0
    patterns_at: float = 0.0

    @property
    def state(self) -> State:
        return self.reading.state

    def take(self, reading: Reading, at: float) -> None:
        """Update with a reading. What is missing in it stays as it was, for a while and while the process lives."""
        alive = reading.state not in ("down", "gone")
        if reading.state != self.state:
            self.since = at
        if reading.faults is not None or not alive:
            self.faults, self.faults_at = reading.faults or (), at
        if reading.patterns is not None:
            self.patterns, self.patterns_at = reading.patterns, at
        elif not alive or at - self.patterns_at > _BELIEVED_S:
            self.patterns = None
        if reading.counts is not None:
            self.lately = self.rates.add(at, reading.counts)
        elif reading.state not in ("ready", "not_ready"):
            self.lately = NOTHING
        self.reading = reading


class Roster:
    def __init__(self) -> None:
        self._members: dict[str, Member] = {}

    def update(self, readings: Sequence[Reading], at: float) -> None:
        seen = {reading.name: reading for reading in readings}
        for name, member in list(self._members.items()):
            if name not in seen and not member.reading.named:
                # The replica is still there, and has a name now.
                del self._members[name]
            elif name not in seen:
                seen[name] = Reading(name, member.reading.service, "gone")
        for name, reading in seen.items():
            member = self._members.setdefault(name, Member(reading, at))
            member.take(reading, at)
            if reading.state == "gone" and at - member.since > REMEMBERED_S:
                del self._members[name]

    @property
    def members(self) -> list[Member]:
        """In the order in which a request reaches the services, and by number within a service."""
        return sorted(self._members.values(), key=lambda member: _order(member.reading))

    def of(self, service: str) -> list[Member]:
        return [member for member in self.members if member.reading.service == service]


def _order(reading: Reading) -> tuple[int, int, str]:
    name, _, number = reading.name.rpartition("-")
    return WATCHED.index(reading.service), int(number) if name and number.isdigit() else 0, reading.name
