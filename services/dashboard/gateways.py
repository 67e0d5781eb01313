"""What the gateways tell of their patterns, `GET /patterns`, in the words of the dashboard's own document."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dashboard.document import PATTERNS, Dependency, Gateway
from services.dashboard.places import SERVICES
from services.dashboard.roster import Member


class GatewayRates:
    """Remembers the counts of the look before, so that it can say how much there was a second."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def describe(self, members: Sequence[Member], at: float) -> list[Gateway]:
        described = []
        for member in members:
            name = member.reading.name
            if member.patterns is None:
                described.append(Gateway(name=name, dependencies={}))
                continue
            now = member.patterns["dependencies"]
            before_at, before = self._before.get(name, (at, now))
            self._before[name] = (at, now)
            shared = not member.patterns["switches"].get("bulkheads", True)
            described.append(
                Gateway(
                    name=name,
                    dependencies={
                        each: _dependency(now[each], before.get(each, now[each]), at - before_at, shared)
                        for each in SERVICES
                        if each in now
                    },
                )
            )
        return described


def switches(members: Sequence[Member]) -> dict[str, bool | None]:
    """Each pattern: on or off, None where the gateways differ or none can be asked."""
    told = [member.patterns["switches"] for member in members if member.patterns is not None]
    found: dict[str, bool | None] = {}
    for pattern in PATTERNS:
        values = {switch[pattern] for switch in told if pattern in switch}
        found[pattern] = values.pop() if len(values) == 1 else None
    return found


def _dependency(now: Mapping[str, Any], before: Mapping[str, Any], seconds: float, shared: bool) -> Dependency:
    circuit, bulkhead, rejected = now["circuit_breaker"], now["bulkhead"], now["rejected"]
    budget = now.get("retry_budget") or {}

    def rate(of: Any) -> float:
        # A gateway that was started anew counts from zero again.
        return max(0.0, round((of(now) - of(before)) / seconds, 2)) if seconds > 0 else 0.0

    return {
        "circuit": {
            "state": circuit["state"],
            "failure_rate": circuit["failure_rate"],
            "calls": circuit["calls"],
            "next_probe_in_s": circuit["next_probe_in_s"],
            "opened": circuit["opened"],
        },
        "bulkhead": {
            "in_use": bulkhead["in_use"],
            "queued": bulkhead["queued"],
            "limit": bulkhead["max_concurrent"],
            "queue_limit": bulkhead["max_queued"],
            "shared": shared,
        },
        "in_flight": now["in_flight"],
        "rejected": dict(rejected),
        "rejected_rate": rate(lambda told: sum(told["rejected"].values())),
        "retries_rate": rate(lambda told: (told.get("retry_budget") or {}).get("retried", 0)),
        "retries_refused": budget.get("refused", 0),
        "stale_rate": rate(lambda told: (told.get("fallback") or {}).get("stale_served", 0)),
    }
