"""The board: what the page shows, made from the readings of every second."""

from collections import deque
from collections.abc import Callable, Sequence

from services.dashboard import gateways
from services.dashboard.document import Fault, FullState, Gateway, Journey, Point, Replica, State, Visitors
from services.dashboard.downtime import DowntimeClock
from services.dashboard.log import Log, Narrator
from services.dashboard.reading import Reading
from services.dashboard.roster import Member, Roster
from services.dashboard.verdict import circuits, judge
from services.dashboard.visits import Recent, Summary, Visit, summarise

HISTORY_S = 120
_FIGURES_S = 10
_NOW_S = 3


class Board:
    """Call `observe` once a second; `state` is the latest state. `clock` returns seconds since 1970, never less."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.log = Log()
        self.downtime = DowntimeClock(clock())
        self.show_left_s: float | None = None
        self.visitors_wait = False
        self._roster = Roster()
        self._gateway_rates = gateways.GatewayRates()
        self._recent = Recent(_FIGURES_S, clock())
        self._narrator = Narrator(self.log)
        self._history: deque[Point] = deque()
        self._sent = 0
        self._clock = clock
        self.state = self._describe(clock(), 0.0)

    @property
    def full(self) -> FullState:
        return {**self.state, "history": list(self._history), "log": self.log.since()}

    @property
    def for_a_new_page(self) -> FullState:
        """The same without the log entries that are in the next `news`, which the page will get too."""
        return {**self.full, "log": self.log.until(self._sent)}

    def observe(self, readings: Sequence[Reading], visits: list[Visit], visitors_rate: float) -> State:
        """Update with the readings, and with the visits since the last update."""
        at, second = self._clock(), summarise(visits)
        self._recent.add(visits, at)
        self._roster.update(readings, at)
        self.state = self._describe(at, visitors_rate)
        self._narrator.compare(self.state, second)
        patterns = _patterns(self.state)
        self.downtime.add(second, None if patterns == "unknown" else patterns == "off", at)
        self.state["downtime"] = self.downtime.describe()
        self._history.append(_point(self.state, second))
        while self._history[0]["at"] <= at - HISTORY_S:
            self._history.popleft()
        return self.state

    def note(self, text: str) -> None:
        """Log an action of the operator."""
        self.log.add(self._clock(), "you", text)

    def reset_downtime(self) -> None:
        self.downtime.reset(self._clock())

    def news(self) -> FullState:
        """The state, and what is new in the history and the log since the last `news`."""
        entries = self.log.since(self._sent)
        self._sent = self.log.total
        return {**self.state, "history": list(self._history)[-1:], "log": entries}

    def _describe(self, at: float, visitors_rate: float) -> State:
        members = self._roster.members
        state: State = {
            "at": round(at, 3),
            "verdict": {"status": "unwatched", "words": "", "cause": "", "effect": ""},
            "visitors": _visitors(self._recent, members, visitors_rate, self.visitors_wait),
            "replicas": [_replica(each, self._roster.of(each.reading.service), at) for each in members],
            "gateways": self._gateway_rates.describe(self._roster.of("gateway"), at),
            "patterns": gateways.switches(self._roster.of("gateway")),
            "faults": [fault for member in members for fault in _faults(member, at)],
            "downtime": self.downtime.describe(),
            "show_left_s": self.show_left_s,
        }
        state["verdict"] = judge(state, self._recent.summary(_NOW_S))
        return state


def _replica(member: Member, all_of_them: Sequence[Member], at: float) -> Replica:
    reading, lately = member.reading, member.lately
    total = sum(each.lately.rate for each in all_of_them)
    return {
        "name": reading.name,
        "service": reading.service,
        "state": reading.state,
        "detail": reading.detail,
        "since_s": round(at - member.since, 1),
        "rate": round(lately.rate, 2),
        "share": round(lately.rate / total, 3) if total else None,
        "failed_share": lately.failed_share,
        "p99_ms": lately.p99_ms,
    }


def _faults(member: Member, at: float) -> list[Fault]:
    since_s = at - member.faults_at
    return [
        {
            "target": member.reading.name,
            "service": member.reading.service,
            "kind": fault["kind"],
            "left_s": round(fault["left_s"] - since_s, 1),
            "settings": {name: value for name, value in fault.items() if name not in ("kind", "left_s", "for_s")},
        }
        for fault in member.faults
        if fault["left_s"] > since_s
    ]


def _journey(summary: Summary, replicas: Sequence[Member]) -> Journey:
    names = [each.reading.name for each in replicas]
    return {
        "answered": summary.answered,
        "stale": summary.stale,
        "failed": summary.failed,
        "p99_ms": summary.p99_ms and round(summary.p99_ms, 1),
        # Only the names of known replicas: an answer could have any other name.
        "served_by": {name: summary.served_by[name] for name in names if name in summary.served_by},
    }


def _visitors(recent: Recent, replicas: Sequence[Member], rate: float, waiting: bool) -> Visitors:
    summary = recent.summary()
    journeys = {name: _journey(each, replicas) for name, each in summary.journeys.items()}
    return {
        **_journey(summary, replicas),
        "rate": rate,
        "waiting": waiting,
        "span_s": round(recent.span_s, 1),
        "journeys": journeys,
        "reasons": summary.reasons,
    }


def _point(state: State, second: Summary) -> Point:
    return {
        "at": state["at"],
        "answered": second.answered,
        "stale": second.stale,
        "failed": second.failed,
        "p99_ms": {name: each.p99_ms and round(each.p99_ms, 1) for name, each in second.journeys.items()},
        "patterns": _patterns(state),
        "circuits": _circuits(state["gateways"]),
        "replicas": {each["name"]: each["state"] for each in state["replicas"] if each["service"] != "lb"},
        "faults": sorted({f"{fault['service']} {fault['kind']}" for fault in state["faults"]}),
    }


def _circuits(of: Sequence[Gateway]) -> dict[str, str]:
    """The state of each breaker. A closed breaker without calls is `idle`: it knows nothing about its service."""
    used = {name for gateway in of for name, its in gateway["dependencies"].items() if its["circuit"]["calls"]}
    return {name: "idle" if state == "closed" and name not in used else state for name, state in circuits(of).items()}


def _patterns(state: State) -> str:
    """`on`, `off`, `some` of them on, or `unknown`."""
    values = set(state["patterns"].values())
    if values == {True}:
        return "on"
    if values == {False}:
        return "off"
    return "unknown" if values == {None} else "some on"
