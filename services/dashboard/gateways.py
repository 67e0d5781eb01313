"""The reports of the gateways about their patterns (`GET /patterns`), in the shape of the dashboard's document."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.dashboard.document import PATTERNS, Dependency, Gateway
from services.dashboard.places import SERVICES
from services.dashboard.roster import Member


class GatewayRates:
    """Keeps the last counts, to compute rates per second."""

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
    """Each pattern: on or off; None if the gateways differ or none reports it."""
    reported = [member.patterns["switches"] for member in members if member.patterns is not None]
    found: dict[str, bool | None] = {}
    for pattern in PATTERNS:
        values = {switch[pattern] for switch in reported if pattern in switch}
        found[pattern] = values.pop() if len(values) == 1 else None
    return found


def _dependency(now: Mapping[str, Any], before: Mapping[str, Any], seconds: float, shared: bool) -> Dependency:
    circuit, bulkhead, rejected = now["circuit_breaker"], now["bulkhead"], now["rejected"]
    budget = now.get("retry_budget") or {}

    def rate(of: Any) -> float:
        # The counts of a restarted gateway begin at zero again.
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
        "rejected_rate": rate(lambda counts: sum(counts["rejected"].values())),
        "retries_rate": rate(lambda counts: (counts.get("retry_budget") or {}).get("retried", 0)),
        "retries_refused": budget.get("refused", 0),
        "stale_rate": rate(lambda counts: (counts.get("fallback") or {}).get("stale_served", 0)),
    }
