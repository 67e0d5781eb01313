"""A stack whose replicas are no more than names, behind a server that answers in the name of each in turn."""

import asyncio
import itertools
import threading
from collections.abc import Iterable

from stack.model import Replica, State, Status
from stack.reply import Reply
from stack.runtime import Scheduler
from tests.lab.server import Server


class FakeRuntime:
    """`calls` keeps what was asked of it.

    A killed replica is back `restarts_after` requests later, on Docker after `start`.
    """

    def __init__(
        self, name: str = "local", *, up: bool = True, count: int = 3, restarts_after: int | None = 10
    ) -> None:
        self.name = name
        self.scheduler: Scheduler | None = None
        self.can_cut = name == "docker"
        self.calls: list[str] = []
        self.url = ""
        self.status_when_broken: int | None = None
        self.mendable = True
        self._up = up
        self._restarts_after = restarts_after
        self._names = [f"products-{number}" for number in range(1, count + 1)]
        self._states: dict[str, State] = dict.fromkeys(self._names, "ready")
        self._requests_until_back: dict[str, int] = {}
        self._turn = itertools.count()
        self._lock = threading.Lock()

    async def answer(self, server: Server, writer: asyncio.StreamWriter) -> None:
        """The load balancer: the next replica in rotation answers."""
        with self._lock:
            self._restart_what_is_due()
            alive = [name for name in self._names if self._states[name] == "ready"]
            broken = len(alive) < len(self._names)
        if not alive:
            writer.write(b"HTTP/1.1 502 Word\r\nContent-Length: 0\r\n\r\n")
            return
        name = alive[next(self._turn) % len(alive)]
        status = self.status_when_broken if broken and self.status_when_broken else 200
        head = f"HTTP/1.1 {status} Word\r\nX-Served-By: {name}\r\nContent-Length: 0\r\n\r\n"
        writer.write(head.encode())

    def is_up(self) -> bool:
        return self._up

    def up(self) -> None:
        self.calls.append("up")
        self._up = True
        self._states = dict.fromkeys(self._names, "ready")

    def down(self, *, volumes: bool = False) -> None:
        self.calls.append("down")
        self._up = False

    def status(self) -> Status:
        replicas = [Replica(name, "products", state, pid=1) for name, state in self._states.items()]
        return Status(self.name, self.url, "", replicas)

    def kill(self, target: str) -> None:
        self._set(target, "stopped", "kill")
        if self.name != "docker" and self._restarts_after is not None:
            self._requests_until_back[target] = self._restarts_after

    def pause(self, target: str) -> None:
        self._set(target, "paused", "pause")

    def resume(self, target: str) -> None:
        self._set(target, "ready" if self.mendable else self._states[target], "resume")

    def stop(self, target: str) -> None:
        self._set(target, "stopped", "stop")

    def start(self, target: str) -> None:
        self._set(target, "ready" if self.mendable else self._states[target], "start")

    def roll(self, service: str = "products") -> None:
        self.calls.append(f"roll {service}")

    def scale(self, service: str, count: int) -> None:
        with self._lock:
            self.calls.append(f"scale {service} {count}")
            self._names = [f"products-{number}" for number in range(1, count + 1)]
            self._states = {name: self._states.get(name, "ready") for name in self._names}

    cut = join = stop

    def ask(self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = 1.0) -> Reply:
        raise AssertionError("no replica of this stack can be asked anything")

    def logs(self, *, follow: bool = False) -> None:
        raise AssertionError("this stack writes no logs")

    def all_ready(self) -> bool:
        return set(self._states.values()) == {"ready"}

    def states(self) -> Iterable[State]:
        return self._states.values()

    def _set(self, target: str, state: State, call: str) -> None:
        with self._lock:
            self.calls.append(f"{call} {target}")
            self._states[target] = state

    def _restart_what_is_due(self) -> None:
        for name in list(self._requests_until_back):
            self._requests_until_back[name] -= 1
            if self._requests_until_back[name] == 0:
                del self._requests_until_back[name]
                self._states[name] = "ready"
