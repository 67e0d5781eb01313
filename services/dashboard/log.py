"""The log of the page, in sentences: what the operator did, and what changed from one second to the next."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from services.dashboard import words
from services.dashboard.document import Entry, Fault, Gateway, Replica, State
from services.dashboard.verdict import circuits
from services.dashboard.visits import Summary

_KEPT = 100
_FAILING = 0.02
# The failure has ended after so many seconds without one.
_CALM_S = 3.0


class Log:
    """The latest entries; `total` counts all entries since the start."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self.total = 0

    def add(self, at: float, kind: str, text: str) -> None:
        self._entries.append({"at": at, "kind": kind, "text": text})
        self.total += 1

    def since(self, total: int = 0) -> list[Entry]:
        """The entries after the first `total`, as far as they are kept."""
        new = min(self.total - total, len(self._entries))
        return list(self._entries)[len(self._entries) - new :]

    def until(self, total: int) -> list[Entry]:
        """The entries among the first `total`, as far as they are kept."""
        return list(self._entries)[: max(0, len(self._entries) - (self.total - total))]


class Narrator:
    """Compares each state with the one before, and logs the differences."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._before: State | None = None
        self._failing_since: float | None = None
        self._calm_since = 0.0
        self._pool_was_full = False
        self._saved = False

    def compare(self, now: State, second: Summary) -> None:
        before, self._before = self._before, now
        if before is None:
            self._log.add(now["at"], "note", "The dashboard began to watch.")
            return
        at = now["at"]
        self._replicas(before, now, at)
        self._circuits(before["gateways"], now["gateways"], at)
        self._faults(before["faults"], now, at)
        self._pool(now["gateways"], at)
        self._visitors(second, at)

    def _replicas(self, before: State, now: State, at: float) -> None:
        states = {each["name"]: each["state"] for each in before["replicas"]}
        for replica in now["replicas"]:
            name, state = replica["name"], replica["state"]
            was = states.get(name)
            if was == state:
                continue
            subject = words.named(name)
            if was is None:
                self._log.add(at, "good" if state == "ready" else "note", f"{subject} joined ({state}).")
            elif state == "ready":
                self._log.add(at, "good", f"{subject} is ready again.")
            elif state == "not_ready":
                why = f": {replica['detail'].rstrip('.')}" if replica["detail"] else ""
                self._log.add(at, "warning", f"{subject} is not ready{why}.")
            else:
                said = {"silent": "stopped answering", "down": "went down", "gone": "is gone from DNS"}[state]
                self._log.add(at, "bad", f"{subject} {said}.")

    def _circuits(self, before: list[Gateway], now: list[Gateway], at: float) -> None:
        states = circuits(before)
        for name, state in circuits(now).items():
            was = states.get(name)
            if was is None or was == state:
                continue
            # Half-open is not logged, and what the operator does with a breaker is logged elsewhere.
            if state == "open" and was == "closed":
                self._log.add(at, "warning", f"{words.possessive(name)} breaker opened: calls are turned away at once.")
            elif state == "closed" and was in ("open", "half_open"):
                self._log.add(at, "good", f"{words.possessive(name)} breaker closed: calls go through.")

    def _faults(self, before: list[Fault], now: State, at: float) -> None:
        for struck, fault in _only_in(now["faults"], before, now["replicas"]):
            subject = struck[0] if len(struck) == 1 else f"Each of {words.listed(struck)}"
            self._log.add(at, "warning", f"{subject} {words.fault(fault['kind'], fault['settings'])}: a fault.")
        for free, fault in _only_in(before, now["faults"], now["replicas"]):
            kind = fault["kind"].replace("_", " ")
            self._log.add(at, "note", f"The fault {kind} in {words.listed(free)} has ended.")

    def _pool(self, gateways: list[Gateway], at: float) -> None:
        pools = [d["bulkhead"] for each in gateways for d in each["dependencies"].values() if d["bulkhead"]["shared"]]
        full = next((pool for pool in pools if pool["in_use"] >= pool["limit"]), None)
        if full and not self._pool_was_full:
            text = f"The shared pool is full, {full['in_use']} of {full['limit']}: one service sinks the rest."
            self._log.add(at, "bad", text)
        self._pool_was_full = full is not None

    def _visitors(self, second: Summary, at: float) -> None:
        if second.stale and not self._saved:
            self._saved = True
            self._log.add(at, "warning", "Visitors get saved answers, marked as such.")
        elif self._saved and second.sent and not second.stale:
            self._saved = False
            self._log.add(at, "good", "Visitors get fresh answers only.")
        if second.sent and second.failed_share >= _FAILING:
            if self._failing_since is None:
                self._failing_since = at
                self._log.add(at, "bad", f"Visitors began to fail{_mostly(second.reasons)}.")
            self._calm_since = at
        elif self._failing_since is not None and second.sent and at - self._calm_since >= _CALM_S:
            lasted = words.seconds(max(1.0, self._calm_since - self._failing_since))
            self._log.add(at, "good", f"Every visitor is answered again, after {lasted}.")
            self._failing_since = None


def _only_in(
    faults: Sequence[Fault], others: Sequence[Fault], replicas: Sequence[Replica]
) -> Iterator[tuple[list[str], Fault]]:
    """Each fault that is not among the others, with its targets: the service, if all of its replicas have it."""
    known = {(each["target"], each["kind"]) for each in others}
    found: dict[tuple[str, str], dict[str, Fault]] = {}
    for fault in faults:
        if (fault["target"], fault["kind"]) not in known:
            alike = fault["service"], words.fault(fault["kind"], fault["settings"])
            found.setdefault(alike, {})[fault["target"]] = fault
    for (service, _), by_target in found.items():
        running = {each["name"] for each in replicas if each["service"] == service and each["state"] != "gone"}
        yield [words.named(service)] if running <= by_target.keys() else list(by_target), next(iter(by_target.values()))


def _mostly(reasons: Mapping[str, int]) -> str:
    if not reasons:
        return ""
    reason = max(reasons, key=lambda each: reasons[each])
    return f" ({reason.replace('_', ' ')})"
