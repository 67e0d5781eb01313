"""The stack as Swarm has it: its services and tasks looked at, and told what to do."""

import math
from collections.abc import Collection, Iterator

from stack.docker.command import docker
from stack.docker.project import name_of
from stack.errors import NothingRuns, NotRunning, StackError
from stack.model import find
from stack.reply import is_starting
from stack.settings import ROOT, StackSettings, url_of
from stack.swarm.cluster import ENTRY, Cluster
from stack.swarm.deployment import FOLDER_LABEL
from stack.swarm.fleet import Fleet, Task
from stack.waiting import until

# On top of the time that a replica has to stop.
_GONE_TIMEOUT_S = 75.0
_TOLD_TIMEOUT_S = 20.0
# Each look starts the docker command a few times.
_LOOK_S = 0.5
_JOB = "migrate"
# The first try and three more, as the stack file says.
_JOB_TRIES = 4


class SwarmProject:
    """`docker stack`, `docker service` and, on the node where a task is, `docker`."""

    def __init__(self, settings: StackSettings, cluster: Cluster) -> None:
        self.name = settings.compose_project_name or name_of(ROOT)
        self._port = settings.port
        self._gone_timeout_s = _GONE_TIMEOUT_S + settings.stop_grace_s
        self._cluster = cluster
        self._label = f"label=com.docker.stack.namespace={self.name}"
        self._entry: tuple[str, str] | None = None

    def fleet(self) -> Fleet:
        """What Swarm says now; NothingRuns where there is no such stack of this checkout."""
        fleet = self._everyones()
        if fleet is None or _folder_of(fleet) not in (str(ROOT), None):
            raise NothingRuns
        return fleet

    def fleet_if_any(self) -> Fleet | None:
        """The same, or None."""
        try:
            return self.fleet()
        except NothingRuns:
            return None

    def check_alone(self) -> None:
        """StackError where another checkout deployed a stack of the same name."""
        fleet = self._everyones()
        folder = _folder_of(fleet) if fleet else None
        if folder not in (str(ROOT), None):
            raise StackError(
                f"The stack {self.name} was deployed from {folder}: "
                f"choose another name here, as in `COMPOSE_PROJECT_NAME={self.name}2 make up`."
            )

    def running(self, target: str) -> Task:
        """The task of a replica that has a process."""
        fleet = self.fleet()
        name = find(target, [each.name for each in fleet.replicas])
        task = fleet.find(name)
        if task is None:
            raise NotRunning(f"{name} does not run: `make start TARGET={name}` starts it.")
        if not task.runs:
            raise is_starting(name)
        return task

    def place(self, task: Task) -> tuple[str, str | None]:
        """A task's container, and the address of the engine that has it."""
        return task.container, self._cluster.host_of(task.node)

    def tell(self, task: Task, *words: str) -> None:
        """`docker WORDS` for a task's container."""
        container, host = self.place(task)
        docker(*words, container, host=host)

    def end(self, task: Task, *words: str) -> None:
        """`docker kill` or `docker stop`; when this returns Swarm knows, and has a replacement on its list."""
        self.tell(task, *words)
        until(
            lambda: not any(each.id == task.id and each.runs for each in self.fleet().tasks),
            _TOLD_TIMEOUT_S,
            lambda: f"Swarm did not notice the end of {task.name}.",
            _LOOK_S,
        )

    def thaw(self) -> None:
        """Let go on what is paused: Swarm neither updates nor stops it."""
        fleet = self.fleet_if_any()
        for replica in fleet.replicas if fleet else ():
            task = fleet.find(replica.name) if fleet else None
            if replica.state == "paused" and task:
                self.tell(task, "unpause")

    def set_count(self, service: str, count: int) -> None:
        """Want so many replicas from now on."""
        self._cluster.manager("service", "scale", "--detach", f"{self.name}_{service}={count}")

    def wait_ended(self, service: str) -> None:
        """Until no replica of a service runs."""
        until(
            lambda: not any(task.runs for task in self.fleet().tasks if task.service == service),
            self._gone_timeout_s,
            lambda: f"{service} did not stop.",
            _LOOK_S,
        )

    def migrate(self, image: str) -> None:
        """Run the job anew, with this image."""
        # The task of the run before stays complete until Swarm has come to the update.
        before = {task.id for task in self.fleet().tasks if task.service == _JOB}
        self._cluster.manager(
            "service", "update", "--force", "--image", image, "--no-resolve-image", "--with-registry-auth", "--detach",
            f"{self.name}_{_JOB}",
        )  # fmt: skip
        self.wait_migrated(before)

    def wait_migrated(self, before: Collection[str] = ()) -> None:
        """Until the job is done, as long as it takes: a million products take their time.

        `before` are the tasks of earlier runs, which say nothing of this one.
        """

        def over() -> bool:
            tasks = [task for task in self.fleet().tasks if task.service == _JOB and task.id not in before]
            states = [task.state for task in tasks if task.desired != "Remove"]
            if sum(state in ("Failed", "Rejected") for state in states) >= _JOB_TRIES:
                raise StackError(f"The database could not be prepared: `docker service logs {self.name}_{_JOB}`.")
            return "Complete" in states

        until(over, math.inf, lambda: "", _LOOK_S)

    def remove(self) -> None:
        """Take it down; returns when nothing of it is left but its data."""
        hosts = self._cluster.hosts_up()
        self._cluster.manager("stack", "rm", self.name)
        until(
            lambda: self._is_gone(hosts),
            self._gone_timeout_s,
            lambda: f"Still there: {', '.join(self._left(hosts))}.",
            _LOOK_S,
        )

    def url(self, fleet: Fleet) -> str:
        """Where the load balancer is: on the port of the node that it runs on, or will."""
        tasks = fleet.current("lb")
        node = tasks[min(tasks)].node if tasks else ""
        if self._entry is None or self._entry[0] != node:
            found = [
                each.address
                for each in self._cluster.nodes()
                if (each.name == node if node else each.labels.get(ENTRY) == "true")
            ]
            self._entry = (node, found[0] if found else "127.0.0.1")
        ports = fleet.services["lb"].ports if "lb" in fleet.services else []
        return url_of(self._entry[1], ports[0] if ports else self._port)

    def _everyones(self) -> Fleet | None:
        if not self._cluster.is_manager():
            return None
        ids = self._cluster.manager("service", "ls", "--quiet", "--filter", self._label).split()
        if not ids:
            return None
        services = self._cluster.manager("service", "inspect", *ids)
        tasks = self._cluster.manager("service", "ps", "--no-trunc", "--format", "{{json .}}", *ids)
        fleet = Fleet.read(self.name, services, tasks)
        return fleet.with_paused(set(self._paused(fleet.nodes)))

    def _paused(self, nodes: Collection[str]) -> Iterator[str]:
        """The containers that are frozen, on those of these nodes whose engines answer."""
        for host in self._cluster.hosts_of(nodes):
            options = ("--filter", self._label, "--filter", "status=paused", "--format", "{{.Names}}")
            yield from self._cluster.look(host, "ps", *options).split()

    def _is_gone(self, hosts: Collection[str | None]) -> bool:
        # Swarm forgets a job that is done, and leaves its container behind.
        job = f"label=com.docker.swarm.service.name={self.name}_{_JOB}"
        for host in hosts:
            exited = ("ps", "--all", "--quiet", "--filter", job, "--filter", "status=exited")
            done = self._cluster.look(host, *exited).split()
            if done:
                docker("rm", *done, host=host)
        return not any(self._left(hosts))

    def _left(self, hosts: Collection[str | None]) -> Iterator[str]:
        """The containers and networks that are still there."""
        own = ("--filter", self._label, "--format")
        for host in hosts:
            yield from self._cluster.look(host, "ps", "--all", *own, "{{.Names}}").split()
        yield from self._cluster.manager("network", "ls", *own, "{{.Name}}").split()


def _folder_of(fleet: Fleet) -> str | None:
    """The checkout that a stack was deployed from, by the service that tells it."""
    lb = fleet.services.get("lb")
    return lb.labels.get(FOLDER_LABEL) if lb else None
