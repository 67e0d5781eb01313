"""Getting plain processes to run, to stop, and from one topology to the next."""

import signal
from collections.abc import Collection, Mapping
from contextlib import suppress

import psutil

from stack.errors import StackError
from stack.local import balancer, observe, postgres, processes
from stack.local.folder import LocalFolder
from stack.local.planning import check_public_port, plan
from stack.local.programs import MIGRATE
from stack.local.supervisor import Process, Supervisor, launch
from stack.local.topology import Topology
from stack.runtime import Announce
from stack.settings import StackSettings, processes_environment
from stack.waiting import until

_READY_TIMEOUT_S = 60.0
_STOP_TIMEOUT_S = 150.0
_MIGRATE_TIMEOUT_S = 1800.0
_FAILED_STARTS = 3


class Starter:
    """Works on the files of `folder` and on the supervisord that they name."""

    def __init__(self, folder: LocalFolder, announce: Announce) -> None:
        self._folder = folder
        self._announce = announce

    def up(self, settings: StackSettings, environment: Mapping[str, str], running: Topology | None) -> None:
        """Have everything that the settings want running and ready, whatever runs now."""
        self._folder.prepare()
        if running is None:
            self.end_leftovers()
        lb = supervisor_of(running).processes()["lb-1"] if running else None
        if not (running and lb and lb.alive and running.public == (settings.bind, settings.port)):
            check_public_port(settings)
        self._folder.postgres.initialise(self._folder.passwords()["postgres"], self._announce)
        self._folder.balancer.check(environment)
        topology = plan(settings, environment, self._folder.topology(), running=running is not None)
        if running is None:
            self._launch(topology)
        elif self._has_database(running):
            self.become(running, topology)
        else:
            # An `up` that was interrupted, or PostgreSQL was stopped: nothing could get ready before it runs.
            self._apply(topology)
            self._reload_balancer(topology)
        self._start_all(topology)

    def become(self, old: Topology, new: Topology) -> None:
        """From one topology to another without a failed request: first start, then tell nginx, then stop.

        A replica whose settings changed is restarted, one after the other. If one does not get ready with them, the
        others keep the old settings, and so does it.
        """
        both = new.united(old)
        try:
            self.start(both, self._apply(both, roll=True))
        except StackError:
            self._announce("Going back to the settings of before")
            with suppress(StackError):
                self.start(old, self._apply(old, roll=True))
            raise
        self._reload_balancer(new)
        if both != new:
            self._announce("Draining")
            self._apply(new)

    def _has_database(self, topology: Topology) -> bool:
        known = supervisor_of(topology).processes()
        return known["postgres-1"].alive and _migrated(known[MIGRATE])

    def _reload_balancer(self, topology: Topology) -> None:
        lb = supervisor_of(topology).processes()["lb-1"]
        if self._folder.balancer.configure(topology) and lb.pid:
            try:
                self._folder.balancer.reload(lb.pid)
            except StackError:
                self._folder.balancer.restore()
                raise

    def start(self, topology: Topology, names: Collection[str]) -> None:
        """Start these replicas, thaw them if they are paused, and return when they are ready."""
        supervisor = supervisor_of(topology)
        known = supervisor.processes()
        for name in names:
            supervisor.start(name)
            _signal(known[name], signal.SIGCONT)
        self._wait_ready(topology, names, known)

    def stop(self, topology: Topology, names: Collection[str]) -> None:
        """Stop these replicas gracefully, all at once."""
        supervisor = supervisor_of(topology)
        for name, process in supervisor.processes().items():
            if name in names:
                _signal(process, signal.SIGCONT)
                supervisor.stop(name)

        def all_down() -> bool:
            alive = {name: each for name, each in supervisor.processes().items() if name in names and each.alive}
            for name, process in alive.items():
                # It had died by itself just before, so that there was nothing to stop, and was started again since.
                if process.state != "STOPPING":
                    supervisor.stop(name)
            return not alive

        until(
            all_down,
            _STOP_TIMEOUT_S,
            lambda: f"{', '.join(names)} did not stop: see `make logs`.",
        )

    def stop_all(self, topology: Topology) -> None:
        """Stop everything and supervisord too: first who asks, last who answers."""
        self._announce("Stopping")
        others = [place.name for place in topology.places if place.service not in ("lb", "postgres")]
        for names in (["lb-1"], [*others, MIGRATE], ["postgres-1"]):
            self.stop(topology, names)
        supervisor = supervisor_of(topology)
        supervisor.shutdown()
        until(lambda: not supervisor.answers(), _STOP_TIMEOUT_S, lambda: "supervisord did not stop: see `make logs`.")

    def leftovers(self) -> list[psutil.Process]:
        """What runs on of a stack whose supervisord was killed."""
        session = self._folder.supervisor_pid()
        if session is None:
            return []
        return processes.leftovers(session, self._folder.path, {postgres.binary("postgres"), balancer.binary()})

    def end_leftovers(self) -> None:
        left = self.leftovers()
        if left:
            self._announce(f"Ending {len(left)} processes that a dead stack left behind")
            processes.end(left)

    def _launch(self, topology: Topology) -> None:
        self._folder.save(topology)
        self._folder.balancer.configure(topology)
        launch(self._folder.path, processes_environment())
        supervisor = supervisor_of(topology)
        until(supervisor.answers, _READY_TIMEOUT_S, lambda: "supervisord does not answer: see logs/supervisord.log.")

    def _start_all(self, topology: Topology) -> None:
        supervisor = supervisor_of(topology)
        known = supervisor.processes()
        ready = all(replica.state == "ready" for replica in observe.replicas(topology, known))
        if ready and _migrated(known[MIGRATE]):
            return
        self._announce("Starting PostgreSQL")
        self.start(topology, ["postgres-1"])
        before = supervisor.processes()
        migrated = _migrated(before[MIGRATE])
        if not migrated:
            supervisor.start(MIGRATE)
        for name in topology.names:
            supervisor.start(name)
            _signal(before[name], signal.SIGCONT)
        if not migrated:
            self._announce(f"Making the tables and {topology.products_count:,} products, where they are not there yet")
            self._wait_migrated(supervisor)
        self._announce("Waiting until every replica is ready")
        self._wait_ready(topology, topology.names, before)

    def _apply(self, topology: Topology, *, roll: bool = False) -> list[str]:
        """Let supervisord know exactly this topology's programs; returns those that are new and have to be started.

        Those that changed are stopped; with `roll` each is started again before the next is stopped.
        """
        self._folder.save(topology)
        supervisor = supervisor_of(topology)
        added, changed, removed = supervisor.reload()
        self.stop(topology, removed)
        for name in removed:
            supervisor.remove(name)
        for name in added:
            supervisor.add(name)
        for name in changed:
            self.stop(topology, [name])
            supervisor.remove(name)
            supervisor.add(name)
            if roll and name != MIGRATE:
                self._announce(f"Restarting {name} with its new settings")
                self.start(topology, [name])
        return [name for name in added if name != MIGRATE]

    def _wait_migrated(self, supervisor: Supervisor) -> None:
        until(
            lambda: not supervisor.processes()[MIGRATE].alive,
            _MIGRATE_TIMEOUT_S,
            lambda: f"The migrate job takes longer than half an hour: see {self._folder.logs}/{MIGRATE}.log.",
        )
        if not _migrated(supervisor.processes()[MIGRATE]):
            raise self._failure(MIGRATE)

    def _wait_ready(self, topology: Topology, names: Collection[str], before: Mapping[str, Process]) -> None:
        supervisor = supervisor_of(topology)
        waiting = set(names)

        def all_ready() -> bool:
            known = supervisor.processes()
            for name in list(waiting):
                if _fails(known[name], before[name]):
                    raise self._failure(name)
                if known[name].alive and observe.is_ready(topology.place(name)):
                    waiting.discard(name)
            return not waiting

        until(all_ready, _READY_TIMEOUT_S, lambda: str(self._failure(min(waiting))))

    def _failure(self, name: str) -> StackError:
        log = self._folder.logs / f"{name}.log"
        return StackError(f"{name} does not get ready. The last line of {log}: {self._folder.last_words(name)}")


def supervisor_of(topology: Topology) -> Supervisor:
    return Supervisor(topology.supervisor_port, topology.supervisor_password)


def _signal(process: Process, number: signal.Signals) -> None:
    if process.pid:
        processes.signal_tree(process.pid, number)


def _migrated(job: Process) -> bool:
    """Whether the migrate job has done all it had to."""
    return job.state == "EXITED" and job.exit_status == 0


def _fails(now: Process, before: Process) -> bool:
    """Whether it ends again and again: one that ended once may get over it."""
    return now.state == "FATAL" or now.restarts - before.restarts >= _FAILED_STARTS
