"""The swarm that the stack runs on: its nodes, how each one's engine is reached, and which of them holds what."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stack.docker.command import ENGINE_TIMEOUT_S, check_answers, docker
from stack.errors import NotPossibleHere, StackError
from stack.runtime import Announce
from stack.settings import StackSettings
from stack.state_folder import write_private

DATA, ENTRY = "afloat.data", "afloat.entry"
"""Labels of the node that keeps PostgreSQL's volume, and of the one where the load balancer listens."""

_HERE = "127.0.0.1"


@dataclass(frozen=True)
class Node:
    """A machine of the swarm."""

    name: str
    address: str
    up: bool
    labels: Mapping[str, str]


class Cluster:
    """The docker command's own engine is a manager; AFLOAT_SWARM_NODES says where the other nodes' engines are."""

    def __init__(self, settings: StackSettings, folder: Path) -> None:
        self._manager = settings.docker_host
        self._others = settings.node_engines
        self._made_here = folder / "swarm_id"

    def manager(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """`docker ARGUMENTS` for the swarm."""
        return docker(*arguments, host=self._manager, environment=environment)

    def host_of(self, node: str) -> str | None:
        """The address of a node's engine, None for the docker command's own."""
        if node == self._info["Name"]:
            return self._manager
        if node not in self._others:
            raise NotPossibleHere(
                f"It runs on {node}, and nobody said how to reach that engine: "
                f"set AFLOAT_SWARM_NODES, as in `{node}=ssh://me@{node}`."
            )
        return self._others[node]

    def hosts_of(self, nodes: Collection[str]) -> list[str | None]:
        """The engines of these nodes, but for those that nobody said how to reach."""
        known = {**self._others, self._info["Name"]: self._manager}
        return [host for node, host in known.items() if node in nodes]

    def hosts_up(self) -> list[str | None]:
        """The engines of the nodes that are up, as far as Swarm knows."""
        return self.hosts_of({node.name for node in self.nodes() if node.up})

    def look(self, host: str | None, *arguments: str) -> str:
        """What `docker ARGUMENTS` prints there; nothing where another node's engine does not answer: it may be lost."""
        try:
            return docker(*arguments, host=host, timeout_s=ENGINE_TIMEOUT_S)
        except StackError:
            if host == self._manager:
                raise
            return ""

    @property
    def host(self) -> str | None:
        """The manager's engine."""
        return self._manager

    def is_manager(self) -> bool:
        """Whether the engine is in a swarm and may speak for it."""
        return bool(self._info["Swarm"].get("ControlAvailable"))

    def found(self, announce: Announce) -> None:
        """Make a swarm of this one engine, where it is in none; StackError where it is in one but no manager."""
        check_answers(self._manager)
        if self.is_manager():
            return
        if self._info["Swarm"]["LocalNodeState"] != "inactive":
            raise StackError("This engine is no manager of its swarm: set DOCKER_HOST to one that is.")
        announce("This engine is in no swarm: making one of it alone")
        # Nobody else can join it, and nothing of it listens to other machines.
        self.manager("swarm", "init", "--advertise-addr", _HERE, "--listen-addr", f"{_HERE}:2377")
        del self._info
        write_private(self._made_here, self._info["Swarm"]["Cluster"]["ID"])

    def leave(self, announce: Announce) -> None:
        """Leave the swarm, if it was made by `found` and nobody else uses it."""
        if not self._made_here.exists() or not self.is_manager():
            return
        made_here = self._made_here.read_text() == self._info["Swarm"]["Cluster"]["ID"]
        if made_here and not self.manager("service", "ls", "--quiet").strip():
            announce("Leaving the swarm that was made for it")
            self.manager("swarm", "leave", "--force")
            del self._info
            self._made_here.unlink()

    def nodes(self) -> list[Node]:
        """All machines of the swarm."""
        ids = self.manager("node", "ls", "--quiet").split()
        return [
            Node(
                name=each["Description"]["Hostname"],
                address=each["Status"]["Addr"],
                up=each["Status"]["State"] == "ready",
                labels=each["Spec"].get("Labels") or {},
            )
            for each in json.loads(self.manager("node", "inspect", *ids))
        ]

    def label(self) -> None:
        """Let this node hold the data and the entrance, where no node does yet."""
        nodes = self.nodes()
        missing = [label for label in (DATA, ENTRY) if not any(node.labels.get(label) == "true" for node in nodes)]
        if missing:
            additions = [part for label in missing for part in ("--label-add", f"{label}=true")]
            self.manager("node", "update", *additions, self._info["Swarm"]["NodeID"])

    def unreached(self) -> list[str]:
        """The nodes that are up, but whose engines nobody said how to reach."""
        known = {self._info["Name"], *self._others}
        return sorted(node.name for node in self.nodes() if node.up and node.name not in known)

    @cached_property
    def _info(self) -> dict[str, Any]:
        info: dict[str, Any] = json.loads(self.look(self._manager, "info", "--format", "{{json .}}"))
        return info
