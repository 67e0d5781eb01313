"""The stack as plain processes under supervisord."""

import signal
from collections.abc import Mapping

from stack import http
from stack.errors import NothingRuns, NotPossibleHere, StackError
from stack.handle import Handle
from stack.local import observe, processes
from stack.local.folder import LocalFolder
from stack.local.starting import Starter, supervisor_of
from stack.local.tail import tail
from stack.local.topology import Topology
from stack.model import Status, find
from stack.reply import (
    ASK_TIMEOUT_S,
    Reply,
    broke_off,
    check_askable,
    does_not_run,
    encoded,
    is_paused,
    is_silent,
    is_starting,
)
from stack.rotation import wait_in_rotation
from stack.runtime import Announce, silent
from stack.scaling import check_rollable, check_scalable
from stack.settings import StackSettings
from stack.waiting import until

_FREEZE_S = 10


class LocalRuntime(Handle):
    """See stack.runtime.Runtime."""

    name = "local"

    def __init__(
        self, settings: StackSettings, environment: Mapping[str, str] | None = None, announce: Announce = silent
    ) -> None:
        super().__init__(settings, environment, announce)
        self._folder = LocalFolder(settings.state_dir / "local")
        self._starter = Starter(self._folder, announce)

    def is_up(self) -> bool:
        return self._running_topology() is not None or bool(self._starter.leftovers())

    def up(self) -> None:
        with self._state.locked(self._announce):
            self._state.control_token()
            self._starter.up(self.settings, self._environment, self._running_topology())

    def down(self, *, volumes: bool = False) -> None:
        with self._state.locked(self._announce):
            topology = self._running_topology()
            if topology:
                self._starter.stop_all(topology)
            self._starter.end_leftovers()
            if volumes:
                self._folder.remove()

    def status(self) -> Status:
        topology = self._topology()
        replicas = observe.replicas(topology, supervisor_of(topology).processes())
        return Status(self.name, topology.url, self._state.control_token(), replicas)

    def kill(self, target: str) -> None:
        self._signal(target, signal.SIGKILL)

    def pause(self, target: str) -> None:
        pid = self._signal(target, signal.SIGSTOP)
        # The signal is sent; the process stops when it is next given a core.
        until(lambda: processes.is_gone_or_paused(pid), _FREEZE_S, lambda: f"{target} does not freeze.")

    def resume(self, target: str) -> None:
        self._signal(target, signal.SIGCONT)

    def stop(self, target: str) -> None:
        topology = self._topology()
        self._starter.stop(topology, [find(target, topology.names)])

    def start(self, target: str) -> None:
        topology = self._topology()
        self._starter.start(topology, [find(target, topology.names)])

    def scale(self, service: str, count: int) -> None:
        with self._state.locked(self._announce):
            topology = self._topology()
            check_scalable(service, count)
            resized = topology.resized(service, count)
            # None of those that stay may still be on its way back when the others go.
            self._starter.start(topology, [place.name for place in resized.of(service) if place in topology.places])
            self._starter.become(topology, resized)

    def roll(self, service: str = "products") -> None:
        with self._state.locked(self._announce):
            topology = self._topology()
            names = [place.name for place in topology.of(service)]
            check_rollable(service, names)
            self._starter.start(topology, names)  # the only one that runs must not be the first to go
            for name in names:
                self._announce(f"Restarting {name}")
                self._starter.stop(topology, [name])
                self._starter.start(topology, [name])
                wait_in_rotation(topology.url, service, name)

    def cut(self, target: str) -> None:
        raise NotPossibleHere(
            "Plain processes share one network: only Docker can take a replica off it (RUNTIME=docker)."
        )

    def join(self, target: str) -> None:
        self.cut(target)

    def ask(
        self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = ASK_TIMEOUT_S
    ) -> Reply:
        topology = self._topology()
        name = find(replica, topology.names)
        check_askable(name)
        place = topology.place(name)
        try:
            return http.ask(place.host, place.port, method, path, encoded(body), timeout_s)
        except OSError as error:
            raise self._why_unanswered(topology, name, error, timeout_s) from error

    def logs(self, *, follow: bool = False) -> None:
        for line in tail(self._folder.logs, follow=follow):
            print(line, flush=True)

    def _signal(self, target: str, number: signal.Signals) -> int:
        """Returns the pid that was signalled, with all below it."""
        topology = self._topology()
        name = find(target, topology.names)
        process = supervisor_of(topology).processes().get(name)
        if process is None or process.pid is None:
            raise does_not_run(name)
        processes.signal_tree(process.pid, number)
        return process.pid

    def _why_unanswered(self, topology: Topology, name: str, error: OSError, timeout_s: float) -> StackError:
        process = supervisor_of(topology).processes().get(name)
        if process is None or process.state in ("STOPPED", "FATAL"):
            return does_not_run(name)
        if process.pid and processes.is_paused(process.pid):
            return is_paused(name)
        if isinstance(error, TimeoutError):
            return is_silent(name, timeout_s)
        if isinstance(error, ConnectionRefusedError):
            return is_starting(name)
        return broke_off(name)

    def _running_topology(self) -> Topology | None:
        # Anybody may listen on the port of a supervisord that died, and would be believed: by root, perhaps.
        supervisor = self._folder.supervisor_pid()
        if supervisor is None or not processes.works_in(supervisor, self._folder.path):
            return None
        topology = self._folder.topology()
        return topology if topology and supervisor_of(topology).answers() else None

    def _topology(self) -> Topology:
        topology = self._running_topology()
        if topology:
            return topology
        if self._starter.leftovers():
            raise StackError("The stack's supervisord was killed: `make up` repairs it, `make down` ends what is left.")
        raise NothingRuns
