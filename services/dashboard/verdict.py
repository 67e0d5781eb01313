"""The verdict: the state of the stack for its visitors, the cause, and the effect, in one sentence each."""

from collections.abc import Sequence

from services.dashboard import words
from services.dashboard.document import Fault, Gateway, Replica, State, Verdict
from services.dashboard.places import SERVICES
from services.dashboard.visits import Summary

_FAILING = 0.02
_DOWN = 0.5
_WORDS = {
    "healthy": "All is well",
    "unprotected": "Serving, unprotected",
    "degraded": "Degraded, still serving",
    "failing": "Failing for some",
    "down": "Down for most",
    "unwatched": "Nobody is asking",
    "opening": "Not open yet",
}


def judge(state: State, now: Summary) -> Verdict:
    """`now` is the visits of the last few seconds. The state has what the services report."""
    causes = _causes(state)
    status = _status(state, now, bool(causes))
    return {
        "status": status,
        "words": _WORDS[status],
        "cause": " ".join(causes[:2]) or _no_cause(status),
        "effect": _effect(state, now, status),
    }


def _status(state: State, now: Summary, troubled: bool) -> str:
    if now.sent == 0:
        return "opening" if state["visitors"]["waiting"] else "unwatched"
    if now.failed_share >= _DOWN:
        return "down"
    if now.failed_share >= _FAILING:
        return "failing"
    if troubled or now.stale:
        return "degraded"
    return "unprotected" if _off(state) else "healthy"


def _no_cause(status: str) -> str:
    return {
        "healthy": "Every replica is ready, every breaker is closed, no fault is on.",
        "unwatched": "No visitors are being sent.",
        "opening": "Not everything that visitors ask for is answered yet.",
        "unprotected": "Nothing is wrong, but some patterns are switched off.",
        "degraded": "Some answers are saved ones.",
    }.get(status, "No service says that anything is wrong.")


# ---- Why ------------------------------------------------------------------------------------------------------------


def _causes(state: State) -> list[str]:
    """The causes, the worst first. A breaker that a fault has opened is not mentioned again."""
    struck = {fault["service"] for fault in state["faults"]}
    said = [*_pools(state["gateways"]), *_faults(state["faults"], state["replicas"])]
    said += [_replica(each) for each in state["replicas"] if each["state"] != "ready"]
    said += [f"{name} does not say how its patterns do." for name in _without_report(state)]
    said += [
        f"{words.possessive(name)} breaker is {_circuit(circuit)}."
        for name, circuit in circuits(state["gateways"]).items()
        if circuit in ("open", "half_open", "forced_open") and name not in struck
    ]
    return said


def _without_report(state: State) -> list[str]:
    """The gateways that are ready, but do not report the state of every service."""
    ready = {each["name"] for each in state["replicas"] if each["state"] == "ready"}
    return [
        each["name"]
        for each in state["gateways"]
        if each["name"] in ready and not each["dependencies"].keys() >= set(SERVICES)
    ]


def _circuit(state: str) -> str:
    return {"half_open": "half-open", "forced_open": "held open"}.get(state, state)


def _replica(replica: Replica) -> str:
    name, since = words.named(replica["name"]), words.seconds(replica["since_s"])
    if replica["state"] == "not_ready":
        return (
            f"{name} is {replica['detail'] or 'not ready'}."
            if replica["detail"] == "stopping"
            else (f"{name} is not ready: {replica['detail'].rstrip('.')}.")
        )
    words_of = {"silent": "does not answer", "down": "is down", "gone": "is gone"}
    return f"{name} {words_of[replica['state']]} ({since})."


def _faults(faults: Sequence[Fault], replicas: Sequence[Replica]) -> list[str]:
    """One sentence for each fault. Its subject is the service if all replicas have the fault."""
    said: dict[str, None] = {}
    for fault in faults:
        alike = [each for each in faults if each["service"] == fault["service"] and each["kind"] == fault["kind"]]
        running = sum(1 for each in replicas if each["service"] == fault["service"] and each["state"] != "gone")
        whole = len(alike) >= running
        target = words.named(fault["service"] if whole else fault["target"])
        left_s = max(each["left_s"] for each in alike) if whole else fault["left_s"]
        said[f"{target} {words.fault(fault['kind'], fault['settings'])}, {words.seconds(left_s)} left."] = None
    return list(said)


def _pools(gateways: Sequence[Gateway]) -> list[str]:
    for gateway in gateways:
        for name, dependency in gateway["dependencies"].items():
            slots = dependency["bulkhead"]
            if slots["in_use"] < slots["limit"]:
                continue
            if slots["shared"]:
                return [f"The shared pool is full: {slots['in_use']} of {slots['limit']} slots."]
            return [f"{words.possessive(name)} bulkhead is full: {slots['in_use']} of {slots['limit']} slots."]
    return []


def circuits(gateways: Sequence[Gateway]) -> dict[str, str]:
    """The state of each dependency's breaker. If gateways differ, the most restrictive state."""
    worst = ("open", "forced_open", "half_open", "closed", "metrics_only", "disabled")
    found: dict[str, str] = {}
    for name in SERVICES:
        states = [each["dependencies"][name]["circuit"]["state"] for each in gateways if name in each["dependencies"]]
        if states:
            found[name] = min(states, key=lambda state: worst.index(state) if state in worst else len(worst))
    return found


# ---- What it means --------------------------------------------------------------------------------------------------


def _effect(state: State, now: Summary, status: str) -> str:
    if status == "unwatched":
        return "What visitors would get is not known. Let some in, and it is."
    if status == "opening":
        return "Visitors come when all is answered, or after a minute. Until then nothing counts as downtime."
    if status == "healthy":
        return "Every visitor is being answered."
    if status in ("down", "failing"):
        return _failing(state, now)
    if protected := _protected(state):
        spared = [words.named(name) for name in SERVICES if name not in protected]
        saved = "visitors get saved answers" if now.stale else "callers get an error at once"
        others = f"; {words.listed(spared)} go on" if spared else ""
        alone = len(protected) == 1 and {fault["service"] for fault in state["faults"]} == set(protected)
        whose = "Its breaker" if alone else f"The breaker of {words.listed([words.named(name) for name in protected])}"
        return f"{whose} is open: {saved}{others}."
    if now.stale:
        return "Saved answers stand in, each marked with its age."
    away = [each for each in state["replicas"] if each["service"] == "products" and each["state"] != "ready"]
    carrying = [
        each["name"] for each in state["replicas"] if each["service"] == "products" and each["state"] == "ready"
    ]
    if away and carrying:
        return f"nginx moved its traffic to {words.listed(carrying)}; every visitor is answered."
    if status == "unprotected":
        return "The first fault will show what they were for."
    return "Every visitor is still answered."


def _failing(state: State, now: Summary) -> str:
    hit = [name for name, each in now.journeys.items() if each.sent and each.failed_share >= _DOWN]
    share = words.share(now.failed_share)
    gets = f"{share[0].upper()}{share[1:]} {'gets' if share.startswith('1 in') else 'get'} an error"
    if _off(state):
        whom = [words.named(name) for name in SERVICES if name in hit]
        behind = f" ({words.listed(whom)})" if len(whom) in (1, 2) else ""
        return f"{gets}{behind}. Patterns are off: nothing holds the failure back."
    # Only an open breaker shows that the patterns contain the failure.
    return f"{gets}; the patterns are containing it." if _protected(state) else f"{gets}."


def _protected(state: State) -> list[str]:
    return [name for name, circuit in circuits(state["gateways"]).items() if circuit in ("open", "half_open")]


def _off(state: State) -> bool:
    return any(on is False for on in state["patterns"].values())
