"""The stack on Docker Swarm."""

from collections.abc import Mapping
from contextlib import suppress

from stack.docker import asking
from stack.docker.command import docker
from stack.errors import NotPossibleHere, NotRunning, StackError
from stack.handle import Handle
from stack.model import Status, find, numbered
from stack.reply import ASK_TIMEOUT_S, Reply, check_askable, encoded
from stack.rotation import wait_in_rotation
from stack.runtime import BALANCED, Announce, silent
from stack.scaling import check_balanced, check_scalable
from stack.settings import StackSettings
from stack.swarm import service_logs
from stack.swarm.cluster import DATA, Cluster
from stack.swarm.deployment import Deployment
from stack.swarm.image import Image
from stack.swarm.project import SwarmProject
from stack.swarm.scheduler import SwarmScheduler
from stack.waiting import until

_READY_TIMEOUT_S = 120.0
_LOOK_S = 0.5


class SwarmRuntime(Handle):
    """See stack.runtime.Runtime. What it stops or kills of several replicas, Swarm replaces by itself."""

    name = "swarm"

    def __init__(
        self, settings: StackSettings, environment: Mapping[str, str] | None = None, announce: Announce = silent
    ) -> None:
        super().__init__(settings, environment, announce)
        self._cluster = Cluster(settings, settings.state_dir / "swarm")
        self._project = SwarmProject(settings, self._cluster)
        self._image = Image(self._project.name, settings.swarm_image, self._cluster)
        self._deployment = Deployment(self._project.name, settings, self._environment, self._cluster)
        self.scheduler: SwarmScheduler = SwarmScheduler(self._project.name, self._cluster, self._project.fleet)
        # Looking takes the docker command four times.
        self._asked: dict[str, tuple[str, str | None]] = {}

    def is_up(self) -> bool:
        try:
            return self._project.fleet_if_any() is not None
        except (StackError, OSError):  # an engine, or a docker command, that cannot be asked has no stack of ours
            return False

    def up(self) -> None:
        with self._state.locked(self._announce):
            self._deployment.check()
            self._cluster.found(self._announce)
            self._project.check_alone()
            self._cluster.label()
            image = self._image.provide(self._announce)
            before = self._project.fleet_if_any()
            if before:
                self._project.thaw()
                # The job needs PostgreSQL, whoever stopped it.
                for name in (name for name, service in before.services.items() if service.wanted == 0):
                    self._project.set_count(name, 1)
                self._announce("Migrating")
                self._project.migrate(image)
            self._announce("Deploying")
            self._deployment.deploy(image)
            self._project.wait_migrated()
            self._announce("Waiting until every replica is ready")
            self.scheduler.wait_updated(before.services if before else {})
            # DNS has known them since they were ready, and nginx asks it once a second.
            for service in BALANCED:
                self._wait_in_rotation(service)

    def down(self, *, volumes: bool = False) -> None:
        with self._state.locked(self._announce):
            if not self._cluster.is_manager():
                return
            self._project.check_alone()
            self._project.thaw()
            self._announce("Stopping")
            self._project.remove()
            if volumes:
                self._remove_data()
            self._cluster.leave(self._announce)

    def status(self) -> Status:
        fleet = self._project.fleet()
        return Status(self.name, self._project.url(fleet), self._state.control_token(), fleet.replicas)

    def kill(self, target: str) -> None:
        self._project.end(self._project.running(target), "kill")

    def pause(self, target: str) -> None:
        self._project.tell(self._project.running(target), "pause")

    def resume(self, target: str) -> None:
        name, _ = self._find(target)
        if self._state_of(name) == "paused":
            self._project.tell(self._project.running(name), "unpause")

    def stop(self, target: str) -> None:
        self.resume(target)
        name, wanted = self._find(target)
        if wanted > 1:
            # Swarm tells the container nothing of its grace. The option's long name is another one since Docker 28.
            self._project.end(self._project.running(name), "stop", "-t", str(self.settings.stop_grace_s))
        else:
            service = numbered(name)[0]
            self._project.set_count(service, 0)
            self._project.wait_ended(service)

    def start(self, target: str) -> None:
        self.resume(target)
        name, wanted = self._find(target)
        if wanted == 0:
            self._project.set_count(numbered(name)[0], 1)
        until(
            lambda: self._state_of(name) == "ready",
            _READY_TIMEOUT_S,
            lambda: f"{name} did not get ready: `make logs` says why.",
            _LOOK_S,
        )

    def scale(self, service: str, count: int) -> None:
        with self._state.locked(self._announce):
            check_scalable(service, count)
            # None of those that stay may still be on its way back when the others go.
            self.scheduler.wait_ready(service)
            self._project.set_count(service, count)
            self.scheduler.wait_ready(service)

    def roll(self, service: str = "products") -> None:
        with self._state.locked(self._announce):
            check_balanced(service)
            self.scheduler.wait_ready(service)
            self._announce(f"Replacing every replica of {service}")
            self.scheduler.deploy(service, self.settings.minimum_healthy)
            self._wait_in_rotation(service)

    def cut(self, target: str) -> None:
        raise NotPossibleHere("Swarm joins its containers to their networks itself: cut a whole node off instead.")

    def join(self, target: str) -> None:
        self.cut(target)

    def ask(
        self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = ASK_TIMEOUT_S
    ) -> Reply:
        known = self._asked.pop(replica, None)
        if known:
            with suppress(NotRunning):  # replaced meanwhile, perhaps, by a container of another name
                return self._ask(replica, known, method, path, body, timeout_s)
        task = self._project.running(replica)
        check_askable(task.name)
        return self._ask(task.name, self._project.place(task), method, path, body, timeout_s)

    def logs(self, *, follow: bool = False) -> None:
        names = [f"{self._project.name}_{name}" for name in self._project.fleet().services]
        service_logs.show(names, self._cluster.host, follow=follow)

    def _ask(
        self, name: str, place: tuple[str, str | None], method: str, path: str, body: object | None, timeout_s: float
    ) -> Reply:
        container, host = place
        reply = asking.ask(name, container, method, path, encoded(body), timeout_s, host)
        self._asked[name] = place
        return reply

    def _wait_in_rotation(self, service: str) -> None:
        status = self.status()
        for replica in status.of(service):
            wait_in_rotation(status.url, service, replica.name)

    def _find(self, target: str) -> tuple[str, int]:
        """The name of a replica, and how many its service is to have."""
        fleet = self._project.fleet()
        name = find(target, [each.name for each in fleet.replicas])
        return name, fleet.services[numbered(name)[0]].wanted or 0

    def _state_of(self, name: str) -> str:
        return next((each.state for each in self._project.fleet().replicas if each.name == name), "stopped")

    def _remove_data(self) -> None:
        for node in self._cluster.nodes():
            if node.labels.get(DATA) == "true":
                host = self._cluster.host_of(node.name)
                docker("volume", "rm", "--force", f"{self._project.name}_postgres", host=host)
        self._deployment.forget_passwords()
        self._image.remove()
