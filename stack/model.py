"""What a running stack looks like from outside: its replicas and their states."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from stack.errors import UnknownTarget

State = Literal["starting", "ready", "not_ready", "paused", "stopped"]

_NUMBERED = re.compile(r"(?P<service>[a-z]+)-(?P<number>[1-9]\d*)")


@dataclass(frozen=True)
class Replica:
    """A piece of the stack: a process with a pid, or a container with a name, on a node where there are several.

    Its runtime restarted it so often.
    """

    name: str
    service: str
    state: State
    pid: int | None = None
    container: str | None = None
    restarts: int = 0
    node: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The replica as in `make status FORMAT=json`: with its pid or its container, whichever it has."""
        omitted = {"pid" if self.container is not None else "container", *(["node"] if self.node is None else [])}
        return {name: value for name, value in asdict(self).items() if name not in omitted}


@dataclass(frozen=True)
class Status:
    """The whole stack at one moment; `url` is where the load balancer listens."""

    runtime: str
    url: str
    control_token: str
    replicas: Sequence[Replica]

    def to_json(self) -> dict[str, Any]:
        return {
            "runtime": self.runtime,
            "url": self.url,
            "control_token": self.control_token,
            "replicas": [replica.to_json() for replica in self.replicas],
        }

    @property
    def ready(self) -> bool:
        return bool(self.replicas) and all(replica.state == "ready" for replica in self.replicas)

    def of(self, service: str) -> list[Replica]:
        """The replicas of a service, products-2 before products-10."""
        return sorted((each for each in self.replicas if each.service == service), key=lambda each: numbered(each.name))


def numbered(name: str) -> tuple[str, int]:
    """`products-2` as its service and its number."""
    match = _NUMBERED.fullmatch(name)
    if match is None:
        raise UnknownTarget(f"{name!r} is no replica's name: they are called products-1, lb-1 and so on.")
    return match["service"], int(match["number"])


def find(target: str, names: Sequence[str]) -> str:
    """The replica that a user means: its name, or its service's where that has only one."""
    there_are = "there are " + ", ".join(names) if names else "there is none"
    if not target:
        raise UnknownTarget(f"Say which replica, as in TARGET=products-2: {there_are}.")
    if target in names:
        return target
    of_service = [name for name in names if numbered(name)[0] == target]
    if len(of_service) == 1:
        return of_service[0]
    if of_service:
        raise UnknownTarget(f"{target} has {len(of_service)} replicas, say which: {', '.join(of_service)}.")
    raise UnknownTarget(f"No replica is called {target}: {there_are}.")


def find_all(target: str, names: Sequence[str]) -> list[str]:
    """The replicas that a user means: all those of a service, or one by its name."""
    of_service = [name for name in names if numbered(name)[0] == target]
    return of_service or [find(target, names)]
