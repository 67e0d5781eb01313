"""What the command line prints."""

from rich.table import Table

from stack.model import State, Status

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
    columns = ("replica", "service", "state", "pid" if status.runtime == "local" else "container", "restarts")
    for column in columns:
        shown.add_column(column, justify="right" if column in ("pid", "restarts") else "left")
    for replica in status.replicas:
        where = replica.container or str(replica.pid or "")
        state = f"[{_COLOURS[replica.state]}]{replica.state}[/]"
        shown.add_row(replica.name, replica.service, state, where, str(replica.restarts))
    return shown


def welcome(status: Status, took_s: float) -> str:
    """What to do with a stack that is up."""
    how = f"{status.runtime}, {len(status.replicas)} replicas ready, {took_s:.1f} s"
    order = '{"customer_id": 7, "lines": [{"product_id": 1, "quantity": 2}]}'
    return "\n".join(
        [
            f"The stack is up at {status.url} ({how}). Try:",
            f"  curl '{status.url}/products/search?q=wireless+lamp&limit=3'",
            f"  curl '{status.url}/products/search?q=wirless+lmap&limit=3'",
            f"  curl {status.url}/api/orders -H 'Idempotency-Key: my-first-order' -H 'Content-Type: application/json' "
            f"-d '{order}'",
        ]
    )


def killed(runtime: str, target: str) -> str:
    """What happens next is not the same everywhere."""
    if runtime == "docker":
        return (
            f"{target} is killed and stays down: Docker takes `docker kill` for a stop that was meant. "
            f"`make start TARGET={target}` brings it back."
        )
    return f"{target} is killed; it is being started again."
