"""The stack under Docker Compose."""

from collections.abc import Collection, Mapping, Sequence

from stack.docker import asking
from stack.docker.command import check_engine, docker
from stack.docker.containers import Container, inspect
from stack.docker.project import Project
from stack.errors import NothingRuns, StackError
from stack.handle import Handle
from stack.model import Replica, Status, find, numbered
from stack.reply import ASK_TIMEOUT_S, Reply, check_askable, does_not_run, encoded
from stack.rotation import wait_in_rotation
from stack.runtime import Announce, silent
from stack.scaling import check_rollable, check_scalable
from stack.settings import StackSettings, url_of
from stack.waiting import until

_READY_TIMEOUT_S = 120.0
# Each look starts the docker command: more often, and the looking would take the time of those that serve.
_LOOK_S = 0.5
_ORDER = ("lb", "dashboard", "gateway", "products", "customers", "orders", "postgres")


class DockerRuntime(Handle):
    """See stack.runtime.Runtime."""

    name = "docker"
    can_cut = True

    def __init__(
        self, settings: StackSettings, environment: Mapping[str, str] | None = None, announce: Announce = silent
    ) -> None:
        super().__init__(settings, environment, announce)
        self._project = Project(settings, settings.state_dir / "docker")
        # Looking takes the docker command twice. Compose gives a container that it makes anew the name of before.
        self._asked: dict[str, tuple[str, str]] = {}

    def is_up(self) -> bool:
        return bool(self._project.containers())

    def up(self) -> None:
        with self._state.locked(self._announce):
            check_engine()
            self._project.check_alone()
            self._state.control_token()
            self._project.hand_on(self._environment)
            self._thaw()
            self._announce("Building the image and starting the containers")
            self._project.compose("up", "--detach", "--build", "--remove-orphans", announce=self._announce)
            self._announce("Waiting until every replica is ready")
            self._wait_ready()

    def down(self, *, volumes: bool = False) -> None:
        with self._state.locked(self._announce):
            self._project.check_alone()
            self._thaw()
            self._announce("Stopping")
            options = ["--volumes"] if volumes else []
            # Whoever started the observers too wants nothing of them left.
            observers = ["--profile", "observability"]
            self._project.compose(*observers, "down", "--remove-orphans", *options, announce=self._announce)

    def status(self) -> Status:
        containers = self._containers()
        replicas = sorted(
            (each.replica for each in containers if not each.beside),
            key=lambda replica: (_ORDER.index(replica.service), numbered(replica.name)),
        )
        return Status(self.name, self._url(containers), self._state.control_token(), replicas)

    def kill(self, target: str) -> None:
        docker("kill", self._running(target))

    def pause(self, target: str) -> None:
        docker("pause", self._running(target))

    def resume(self, target: str) -> None:
        self._thawed(target)

    def stop(self, target: str) -> None:
        docker("stop", self._thawed(target))

    def start(self, target: str) -> None:
        container = self._thawed(target)
        docker("start", container)
        self._wait_until_ready([container])

    def scale(self, service: str, count: int) -> None:
        with self._state.locked(self._announce):
            check_scalable(service, count)
            now = [replica.name for replica in self.status().of(service)]
            # None of those that stay may still be on its way back when the others go.
            self._wait_ready(now[:count])
            # One by one: two that start at once take the time of those that serve, and of those that leave nginx must
            # not meet more than it has tries.
            step = 1 if count > len(now) else -1
            for size in [*range(len(now) + step, count, step), count]:
                self._project.compose(
                    "up", "--detach", "--no-recreate", "--no-deps", "--scale", f"{service}={size}", service,
                    announce=self._announce,
                )  # fmt: skip
                self._wait_ready([replica.name for replica in self.status().of(service)])

    def roll(self, service: str = "products") -> None:
        with self._state.locked(self._announce):
            status = self.status()
            names = [replica.name for replica in status.of(service)]
            check_rollable(service, names)
            for replica in status.of(service):  # the only one that runs must not be the first to go
                if replica.state != "ready":
                    self.start(replica.name)
            for name in names:
                self._announce(f"Restarting {name}")
                self.stop(name)
                self.start(name)
                wait_in_rotation(status.url, service, name)

    def cut(self, target: str) -> None:
        replica = self._find(target)
        for network in self._project.networks[replica.service]:
            docker("network", "disconnect", network, str(replica.container))

    def join(self, target: str) -> None:
        replica = self._find(target)
        for network in self._project.networks[replica.service]:
            docker("network", "connect", "--alias", replica.service, network, str(replica.container))

    def ask(
        self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = ASK_TIMEOUT_S
    ) -> Reply:
        name, container = self._asked.get(replica) or self._named(replica)
        check_askable(name)
        try:
            reply = asking.ask(name, container, method, path, encoded(body), timeout_s)
        except StackError:
            self._asked.pop(replica, None)
            raise
        self._asked[replica] = (name, container)
        return reply

    def logs(self, *, follow: bool = False) -> None:
        self._containers()
        self._project.print_logs(follow=follow)

    def _containers(self) -> list[Container]:
        containers = self._project.containers()
        if not containers:
            raise NothingRuns
        return containers

    def _find(self, target: str) -> Replica:
        replicas = {each.replica.name: each.replica for each in self._containers() if not each.beside}
        return replicas[find(target, list(replicas))]

    def _named(self, target: str) -> tuple[str, str]:
        """The name and the container of a replica."""
        replica = self._find(target)
        return replica.name, str(replica.container)

    def _running(self, target: str) -> str:
        """The container of a replica that is not stopped."""
        replica = self._find(target)
        if replica.state == "stopped":
            raise does_not_run(replica.name)
        return str(replica.container)

    def _thawed(self, target: str) -> str:
        """The container of a replica, which is not paused now."""
        replica = self._find(target)
        if replica.state == "paused":
            docker("unpause", str(replica.container))
        return str(replica.container)

    def _thaw(self) -> None:
        """Compose neither starts nor stops what is paused."""
        for container in self._project.containers():
            if container.replica.state == "paused":
                docker("unpause", str(container.replica.container))

    def _wait_ready(self, names: Collection[str] | None = None) -> None:
        """Until these replicas, or all, are ready."""
        replicas = [each for each in self.status().replicas if names is None or each.name in names]
        self._wait_until_ready([str(each.container) for each in replicas])

    def _wait_until_ready(self, containers: Sequence[str]) -> None:
        def waiting() -> list[str]:
            return [each.replica.name for each in inspect(containers) if each.replica.state != "ready"]

        until(
            lambda: not waiting(),
            _READY_TIMEOUT_S,
            lambda: f"{', '.join(waiting())} did not get ready: `make logs` says why.",
            _LOOK_S,
        )

    def _url(self, containers: list[Container]) -> str:
        published = next((each.published for each in containers if each.published), None)
        return url_of(*published) if published else self.settings.url
