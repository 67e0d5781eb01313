"""Swarm's own scheduler: its updates of a service, waited for, and how long it takes to replace what died."""

from collections.abc import Callable, Mapping
from typing import Any

from stack.errors import StackError
from stack.rollout import rollout
from stack.swarm.cluster import Cluster
from stack.swarm.fleet import Fleet, Service
from stack.waiting import until

# Fifty replicas one after the other, each with its drain and its start.
_UPDATE_TIMEOUT_S = 900.0
_READY_TIMEOUT_S = 120.0
# Each look starts the docker command a few times.
_LOOK_S = 0.5
# As in the stack file.
_MONITOR = "5s"
_UNDONE = ("rollback_completed", "rollback_paused", "paused")


class SwarmScheduler:
    """See stack.runtime.Scheduler. `fleet` tells what Swarm says now."""

    def __init__(self, stack: str, cluster: Cluster, fleet: Callable[[], Fleet]) -> None:
        self._stack = stack
        self._cluster = cluster
        self._fleet = fleet

    def replacement_s(self, service: str) -> float:
        return self._fleet().services[service].replacement_s

    def replace_after(self, service: str, seconds: float) -> None:
        # Swarm takes it for a new version; nobody is there to be served meanwhile: all at once.
        self._update(service, "--restart-delay", f"{seconds:g}s", "--update-parallelism", "0", "--update-monitor", "1s")

    def deploy(self, service: str, minimum_healthy: int) -> None:
        how = rollout(self._fleet().services[service].wanted or 1, minimum_healthy)
        self._update(
            service, "--force", "--update-order", how.order, "--update-parallelism", str(how.parallelism),
            "--rollback-order", how.order, "--rollback-parallelism", str(how.parallelism), "--update-monitor", _MONITOR,
        )  # fmt: skip

    def wait_updated(self, before: Mapping[str, Service]) -> None:
        """Until every service runs as it is to, and all are ready; StackError where one was rolled back.

        `before` are the services as they were when they were told.
        """
        until(
            lambda: not _updating(before, self._fleet()),
            _UPDATE_TIMEOUT_S,
            lambda: f"{', '.join(_updating(before, self._fleet()))} did not get updated: `make logs` says why.",
            _LOOK_S,
        )
        fleet = self._fleet()
        undone = [name for name, service in fleet.services.items() if _is_undone(before.get(name), service)]
        if undone:
            why = [said for said in fleet.troubles() if said.partition(":")[0] in undone]
            raise StackError(
                f"The new version of {', '.join(undone)} does not start. Swarm went back to the one before. "
                + " ".join(why)
            )
        self.wait_ready()

    def wait_ready(self, service: str | None = None) -> None:
        """Until every replica of a service, or of all, is ready."""

        def why() -> str:
            fleet = self._fleet()
            troubles = "".join(f" {said}." for said in fleet.troubles())
            return f"{', '.join(fleet.waiting(service))} did not get ready.{troubles} `make logs` says more."

        until(lambda: not self._fleet().waiting(service), _READY_TIMEOUT_S, why, _LOOK_S)

    def _update(self, service: str, *options: str) -> None:
        """Wait for an update. The options may say how to go about it: the next one goes about it as before."""
        before = self._fleet().services
        try:
            self._tell(service, *options)
            self.wait_updated(before)
        finally:
            now = self._fleet().services[service].strategies
            restored = [
                option
                for kind, strategy in before[service].strategies.items()
                if strategy != now[kind]  # Swarm has put it back itself where it rolled back
                for option in _options(kind, strategy)
            ]
            if restored:
                self._tell(service, *restored)

    def _tell(self, service: str, *options: str) -> None:
        self._cluster.manager("service", "update", "--detach", *options, f"{self._stack}_{service}")


def _options(kind: str, strategy: Mapping[str, Any]) -> list[str]:
    """Of `docker service update`, for what `docker service inspect` says; it leaves out what is Swarm's default."""
    monitor_s = strategy.get("Monitor", 5e9) / 1e9
    return [
        *(f"--{kind}-order", strategy.get("Order", "stop-first")),
        *(f"--{kind}-parallelism", str(strategy.get("Parallelism", 1))),
        *(f"--{kind}-monitor", f"{monitor_s:g}s"),
    ]


def _updating(before: Mapping[str, Service], fleet: Fleet) -> list[str]:
    """The services whose update has not begun, though they are to run otherwise than before, or has not ended."""
    return [name for name, now in fleet.services.items() if not _settled(before.get(name), now)]


def _settled(before: Service | None, now: Service) -> bool:
    if before is None or not now.wanted:
        return True
    changed = _run(before.template) != _run(now.template)
    if changed and _started(before) == _started(now):
        return False
    return now.update.get("State") not in ("updating", "rollback_started")


def _is_undone(before: Service | None, now: Service) -> bool:
    return before is not None and _started(before) != _started(now) and now.update.get("State", "completed") in _UNDONE


def _started(service: Service) -> Any:
    return service.update.get("StartedAt")


def _run(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """What makes a running task an old one: where tasks may be placed does not."""
    return {name: value for name, value in template.items() if name != "Placement"}
