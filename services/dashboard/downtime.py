"""Seconds in which at least half of the visitors failed, with patterns on and with patterns off."""

from math import inf

from services.dashboard.document import Downtime
from services.dashboard.visits import Summary

_HALF = 0.5
# A visit that fails now may have begun so long ago.
_PATIENCE_S = 3.0


class DowntimeClock:
    def __init__(self, at: float) -> None:
        self._patterns_off = False
        self.reset(at)

    def reset(self, at: float) -> None:
        self._since = self._last_at = at
        self._off_s = self._on_s = 0.0
        self._off_at = -inf

    def add(self, second: Summary, patterns_off: bool | None, at: float) -> None:
        """Count the time since the last call as down if most of the visitors in it failed.

        If the state of the patterns is unknown (None), the last known state counts: often the outage itself hides it.
        """
        elapsed_s, self._last_at = at - self._last_at, at
        if patterns_off is not None:
            self._patterns_off = patterns_off
        if self._patterns_off:
            self._off_at = at
        if second.sent and second.failed_share >= _HALF:
            if at - self._off_at <= _PATIENCE_S:
                self._off_s += elapsed_s
            else:
                self._on_s += elapsed_s

    def describe(self) -> Downtime:
        return {"off_s": round(self._off_s, 1), "on_s": round(self._on_s, 1), "since": self._since}
