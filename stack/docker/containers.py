"""What `docker inspect` says of the containers of a Compose project."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from stack.docker.command import docker
from stack.model import Replica, State

_PUBLIC_PORT = "8080/tcp"
# A job, and what only watches.
_BESIDE = {"migrate", "prometheus", "grafana"}


@dataclass(frozen=True)
class Container:
    """A container of the project; `folder` is the checkout that it was started from."""

    replica: Replica
    folder: Path
    published: tuple[str, int] | None

    @classmethod
    def read(cls, inspected: Mapping[str, Any]) -> Self:
        labels = inspected["Config"]["Labels"]
        service = labels["com.docker.compose.service"]
        replica = Replica(
            name=f"{service}-{labels['com.docker.compose.container-number']}",
            service=service,
            state=_state(inspected["State"]),
            container=inspected["Name"].removeprefix("/"),
            restarts=inspected["RestartCount"],
        )
        bindings = (inspected["HostConfig"].get("PortBindings") or {}).get(_PUBLIC_PORT) or []
        published = (bindings[0].get("HostIp") or "0.0.0.0", int(bindings[0]["HostPort"])) if bindings else None
        return cls(replica, Path(labels["com.docker.compose.project.working_dir"]).resolve(), published)

    @property
    def beside(self) -> bool:
        """Whether it is no part of the running stack."""
        return self.replica.service in _BESIDE


def inspect(containers: Sequence[str]) -> list[Container]:
    """What these are now, by name or by id."""
    return read_all(json.loads(docker("container", "inspect", *containers))) if containers else []


def read_all(inspected: Sequence[Mapping[str, Any]]) -> list[Container]:
    """The containers that are services: those of `docker compose run` are not."""
    return [
        Container.read(each)
        for each in inspected
        if each["Config"]["Labels"].get("com.docker.compose.oneoff") != "True"
    ]


def _state(state: Mapping[str, Any]) -> State:
    if state["Status"] == "paused":
        return "paused"
    if state["Status"] in ("created", "restarting"):
        return "starting"
    if state["Status"] != "running":
        return "stopped"
    health = state.get("Health", {}).get("Status", "healthy")
    readings: Mapping[str, State] = {"healthy": "ready", "starting": "starting"}
    return readings.get(health, "not_ready")
