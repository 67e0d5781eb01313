"""What Swarm says of a stack's services and their tasks, read as replicas."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Self

from stack.model import Replica, State

_OVER = ("Complete", "Failed", "Rejected", "Orphaned", "Shutdown", "Remove")
# What ended without being told to.
_DIED = ("Complete", "Failed", "Rejected", "Orphaned")
_ORDER = ("lb", "dashboard", "gateway", "products", "customers", "orders", "postgres")


@dataclass(frozen=True)
class Service:
    """`wanted` replicas, each run as `template` says; None for a job.

    `update` is what became of the last one; `strategies` are how Swarm goes about an "update" and a "rollback".
    """

    name: str
    wanted: int | None
    labels: Mapping[str, str]
    template: Mapping[str, Any]
    update: Mapping[str, Any]
    strategies: Mapping[str, Mapping[str, Any]]
    ports: Sequence[int]

    @classmethod
    def read(cls, inspected: Mapping[str, Any], stack: str) -> Self:
        spec = inspected["Spec"]
        replicated = spec["Mode"].get("Replicated")
        return cls(
            name=spec["Name"].removeprefix(f"{stack}_"),
            wanted=replicated["Replicas"] if replicated else None,
            labels=spec.get("Labels") or {},
            template=spec["TaskTemplate"],
            update=inspected.get("UpdateStatus") or {},
            strategies={"update": spec.get("UpdateConfig") or {}, "rollback": spec.get("RollbackConfig") or {}},
            ports=[port["PublishedPort"] for port in spec.get("EndpointSpec", {}).get("Ports", ())],
        )

    @property
    def replacement_s(self) -> float:
        """The delay of its restart policy, which Swarm tells in nanoseconds."""
        return float(self.template["RestartPolicy"].get("Delay", 5e9)) / 1e9


@dataclass(frozen=True)
class Task:
    """One life of a replica, as `docker service ps` tells it."""

    id: str
    service: str
    slot: str
    node: str
    desired: str
    state: str
    error: str
    container: str

    @classmethod
    def read(cls, row: Mapping[str, str], stack: str) -> Self:
        name = row["Name"].removeprefix(" \\_ ")
        service, _, slot = name.removeprefix(f"{stack}_").partition(".")
        state = row["CurrentState"].partition(" ")[0]
        # A task's container is called after it.
        return cls(
            row["ID"], service, slot, row["Node"], row["DesiredState"], state, row["Error"], f"{name}.{row['ID']}"
        )

    @property
    def name(self) -> str:
        """Of the replica."""
        return f"{self.service}-{self.slot}"

    @property
    def wanted(self) -> bool:
        """Whether it is to run, now or when its delay is over."""
        return self.desired in ("Running", "Ready")

    @property
    def runs(self) -> bool:
        """Its health check held once: until then Swarm says that it is starting."""
        return self.state == "Running"


class Fleet:
    """All services of a stack at one moment. `paused` are the names of containers that are frozen."""

    def __init__(
        self, services: Sequence[Service], tasks: Sequence[Task], paused: Collection[str] = frozenset()
    ) -> None:
        self.services = {each.name: each for each in services}
        self.tasks = [task for task in tasks if task.service in self.services]
        self._paused = paused

    @classmethod
    def read(cls, stack: str, services: str, tasks: str, paused: Collection[str] = ()) -> Self:
        """From what `docker service inspect` and `docker service ps` print."""
        return cls(
            [Service.read(each, stack) for each in json.loads(services)],
            [Task.read(json.loads(line), stack) for line in tasks.splitlines()],
            paused,
        )

    def with_paused(self, names: Collection[str]) -> "Fleet":
        """The same fleet, with these containers frozen."""
        return Fleet(list(self.services.values()), self.tasks, names)

    @property
    def nodes(self) -> set[str]:
        """Where something is to run. A node that Swarm knows to be lost is none of them."""
        return {task.node for task in self.tasks if task.wanted}

    @property
    def replicas(self) -> list[Replica]:
        """Every replica that there is, or is to be."""
        found = []
        for name in _ORDER:
            service = self.services.get(name)
            if service is None or service.wanted is None:
                continue
            now = self.current(name)
            # One that is not even planned yet, or that `stop` has ended.
            free = (number for number in count(1) if number not in now)
            missing = islice(free, max(0, max(1, service.wanted) - len(now)))
            state: State = "starting" if service.wanted else "stopped"
            those = {slot: self._replica(task) for slot, task in now.items()}
            those |= {slot: Replica(f"{name}-{slot}", name, state, container="") for slot in missing}
            found += [those[slot] for slot in sorted(those)]
        return found

    def current(self, service: str) -> dict[int, Task]:
        """The task in each slot of a service: of several the one that runs."""
        now: dict[int, Task] = {}
        for task in self.tasks:
            if task.service == service and task.wanted and not (int(task.slot) in now and now[int(task.slot)].runs):
                now[int(task.slot)] = task
        return now

    def find(self, replica: str) -> Task | None:
        """The task of a replica, if it has one now."""
        service = replica.rpartition("-")[0]
        return next((task for task in self.current(service).values() if task.name == replica), None)

    def waiting(self, service: str | None = None) -> list[str]:
        """The replicas that are not ready, of a service or of all."""
        return [each.name for each in self.replicas if each.state != "ready" and service in (None, each.service)]

    def troubles(self) -> list[str]:
        """What the tasks complain of, one sentence for each service and complaint."""
        said: dict[str, list[str]] = defaultdict(list)
        for task in self.tasks:
            if task.error and task.error not in said[task.service]:
                said[task.service].append(task.error)
        return [f"{service}: {error}" for service, errors in said.items() for error in errors]

    def _replica(self, task: Task) -> Replica:
        died = [each for each in self.tasks if each.name == task.name and not each.wanted and each.state in _DIED]
        return Replica(
            name=task.name,
            service=task.service,
            state=self._state(task),
            container=task.container,
            restarts=len(died),
            node=task.node or None,
        )

    def _state(self, task: Task) -> State:
        if task.container in self._paused:
            return "paused"
        if task.runs:
            return "ready"
        return "stopped" if task.state in _OVER else "starting"
