"""What the command line prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from stack.faults import Active
from stack.model import State, Status
from stack.patterns import Patterns
from stack.runtime import Runtime

_COLOURS: dict[State, str] = {
    "ready": "green",
    "starting": "yellow",
    "not_ready": "red",
    "paused": "magenta",
    "stopped": "red",
}


def table(status: Status) -> Table:
    """The replicas of a stack and what became of them."""
    shown = Table(title=f"{status.url} ({status.runtime})", title_justify="left")
    several = len({replica.node for replica in status.replicas}) > 1
    where = "pid" if status.runtime == "local" else "container"
    for column in ("replica", "service", "state", where, "restarts", *(["node"] if several else [])):
        shown.add_column(column, justify="right" if column in ("pid", "restarts") else "left")
    for replica in status.replicas:
        where = replica.container or str(replica.pid or "")
        state = f"[{_COLOURS[replica.state]}]{replica.state}[/]"
        row = (replica.name, replica.service, state, where, str(replica.restarts))
        shown.add_row(*row, *([replica.node or ""] if several else []))
    return shown


def welcome(status: Status, took_s: float) -> str:
    """What to do with a stack that is up."""
    how = f"{status.runtime}, {len(status.replicas)} replicas ready, {took_s:.1f} s"
    order = '{"customer_id": 7, "lines": [{"product_id": 1, "quantity": 2}]}'
    return "\n".join(
        [
            f"The stack is up at {status.url} ({how}).",
            f"See it, and break it, at {status.url}/?token={status.control_token}",
            "Or try:",
            f"  curl '{status.url}/products/search?q=wireless+lamp&limit=3'",
            f"  curl '{status.url}/products/search?q=wirless+lmap&limit=3'",
            f"  curl {status.url}/api/orders -H 'Idempotency-Key: my-first-order' -H 'Content-Type: application/json' "
            f"-d '{order}'",
        ]
    )


def killed(runtime: Runtime, target: str) -> str:
    """What happens next is not the same everywhere."""
    if runtime.scheduler:
        return f"{target} is killed; the scheduler replaces it, `make start TARGET={target}` waits for that."
    if runtime.name == "docker":
        return (
            f"{target} is killed and stays down: Docker takes `docker kill` for a stop that was meant. "
            f"`make start TARGET={target}` brings it back."
        )
    return f"{target} is killed; it is being started again."


def stopped(runtime: Runtime, now: Status, target: str) -> str:
    """A scheduler keeps the number of replicas as it is, unless that is none."""
    down = any(replica.state == "stopped" for replica in now.replicas if target in (replica.name, replica.service))
    if runtime.scheduler and not down:
        return (
            f"{target} has stopped, but does not stay down: the scheduler replaces it. "
            "`make scale` is what changes the number of replicas."
        )
    return f"{target} is stopped; `make start TARGET={target}` starts it again."


def struck(names: Sequence[str], kind: str, for_s: object) -> str:
    """What was begun, and how it ends."""
    return f"{', '.join(names)}: {kind}, for {for_s} s. `make faults` shows it, `make clear-faults` ends it."


def faults_table(active: Active) -> RenderableType:
    """The faults that are on, and who could not be asked."""
    shown = Table("replica", "fault", "with")
    shown.add_column("ends in", justify="right")
    for name, faults in active.faults.items():
        for each in faults:
            given = {key: value for key, value in each.items() if key not in ("kind", "for_s", "left_s")}
            words = " ".join(f"{key}={value}" for key, value in given.items())
            shown.add_row(name, each["kind"], words, f"{each['left_s']:.0f} s")
    return Group(shown if shown.row_count else Text("No fault is on."), *_complaints(active.unanswered))


# With bulkheads off, whoever finds no slot waits, however many do.
_ENDLESS = 100_000
_CIRCUIT_COLOURS = {"closed": "green", "open": "red", "half_open": "yellow"}


def patterns_table(patterns: Patterns) -> RenderableType:
    """Each gateway's switches and, for each service that it calls, the state of its patterns."""
    parts: list[RenderableType] = []
    for gateway, document in patterns.gateways.items():
        parts.append(Text.assemble((gateway, "bold"), ": ", *_switches(document["switches"])))
        shown = Table(Column("calls to", no_wrap=True), "circuit")
        for column in ("failing", "in flight", "slots", "queue", "retries"):
            shown.add_column(column, justify="right", no_wrap=True)
        shown.add_column("rejected")
        for name, state in document["dependencies"].items():
            shown.add_row(name, *_dependency(state))
        parts.append(shown)
    return Group(*parts, *_complaints(patterns.unanswered))


def _switches(switches: Mapping[str, bool]) -> list[str | tuple[str, str]]:
    words: list[str | tuple[str, str]] = []
    for name, on in switches.items():
        words += [f"{name} ", ("on", "green") if on else ("off", "red"), "  "]
    return words


def _dependency(state: Mapping[str, Any]) -> list[str]:
    breaker, bulkhead, rejected = state["circuit_breaker"], state["bulkhead"], state["rejected"]
    circuit = f"[{_CIRCUIT_COLOURS.get(breaker['state'], 'magenta')}]{breaker['state']}[/]"
    if breaker["next_probe_in_s"] is not None:
        circuit += f", probe in {breaker['next_probe_in_s']:.1f} s"
    rate = breaker["failure_rate"]
    return [
        circuit,
        "" if rate is None else f"{rate:.0%}",
        str(state["in_flight"]),
        f"{bulkhead['in_use']} of {bulkhead['max_concurrent']}",
        f"{bulkhead['queued']} of {bulkhead['max_queued']}"
        if bulkhead["max_queued"] < _ENDLESS
        else str(bulkhead["queued"]),
        str(state["retry_budget"]["left"]),
        ", ".join(f"{reason} {count}" for reason, count in rejected.items() if count),
    ]


def _complaints(unanswered: Mapping[str, str]) -> list[Text]:
    return [Text(why, style="red") for why in unanswered.values()]
