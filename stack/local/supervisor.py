"""A running supervisord: started with its configuration, spoken to by XML-RPC on the loopback interface."""

import http.client
import subprocess
import sys
import xmlrpc.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack.errors import StackError
from stack.local.supervisor_conf import USER

_TIMEOUT_S = 10.0
_START_TIMEOUT_S = 30.0
_UNREACHABLE = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError)


@dataclass(frozen=True)
class Process:
    """What supervisord knows of a process. `state` is its word: RUNNING, STARTING, BACKOFF, STOPPED, EXITED, FATAL."""

    name: str
    state: str
    pid: int | None
    exit_status: int
    restarts: int

    @property
    def alive(self) -> bool:
        return self.pid is not None


class Supervisor:
    """The handle on the supervisord that listens on `port`. A new connection each time: threads may share it."""

    def __init__(self, port: int, password: str) -> None:
        self._url = f"http://{USER}:{password}@127.0.0.1:{port}/RPC2"

    def answers(self) -> bool:
        """Whether our supervisord runs: one with another password is not ours."""
        try:
            with self._remote() as remote:
                remote.supervisor.getPID()
        except StackError:
            return False
        return True

    def processes(self) -> Mapping[str, Process]:
        with self._remote() as remote:
            infos: list[dict[str, Any]] = remote.supervisor.getAllProcessInfo()
            restarts: dict[str, int] = remote.afloat.restarts()
        return {
            info["name"]: Process(
                name=info["name"],
                state=info["statename"],
                pid=info["pid"] or None,
                exit_status=info["exitstatus"],
                restarts=restarts.get(info["name"], 0),
            )
            for info in infos
        }

    def start(self, name: str) -> None:
        """Start a process without waiting for it; nothing happens where it runs already."""
        self._ask("startProcess", name, False, unless="ALREADY_STARTED")

    def stop(self, name: str) -> None:
        """Begin to stop a process; nothing happens where it does not run."""
        self._ask("stopProcess", name, False, unless="NOT_RUNNING")

    def reload(self) -> tuple[list[str], list[str], list[str]]:
        """Read the configuration again: the names that are new, changed and gone. Nothing is started or stopped."""
        with self._remote() as remote:
            ((added, changed, removed),) = remote.supervisor.reloadConfig()
        return added, changed, removed

    def add(self, name: str) -> None:
        self._ask("addProcessGroup", name, unless="ALREADY_ADDED")

    def remove(self, name: str) -> None:
        """Forget a process that is stopped."""
        self._ask("removeProcessGroup", name, unless="BAD_NAME")

    def shutdown(self) -> None:
        with self._remote() as remote:
            remote.supervisor.shutdown()

    def _ask(self, method: str, *arguments: object, unless: str) -> None:
        try:
            with self._remote() as remote:
                getattr(remote.supervisor, method)(*arguments)
        except xmlrpc.client.Fault as fault:
            if not fault.faultString.startswith(unless):
                raise StackError(f"supervisord refused {method} {arguments[0]}: {fault.faultString}") from None

    @contextmanager
    def _remote(self) -> Iterator[Any]:
        try:
            with xmlrpc.client.ServerProxy(self._url, transport=_ImpatientTransport()) as remote:
                yield remote
        except _UNREACHABLE as error:
            raise StackError(f"The stack's supervisord does not answer: {error}") from None


class _ImpatientTransport(xmlrpc.client.Transport):
    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = _TIMEOUT_S
        return connection


def launch(folder: Path, environment: Mapping[str, str]) -> None:
    """Start supervisord in the background, in a session of its own, with the configuration in `folder`."""
    started = subprocess.run(
        [sys.executable, "-m", "supervisor.supervisord", "-c", "supervisord.conf"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_START_TIMEOUT_S,
        check=False,
    )
    if started.returncode:
        raise StackError(f"supervisord does not start: {(started.stderr or started.stdout).strip().splitlines()[0]}")
