"""One interface over the ways to run the stack. Every method may be called from a thread; none needs an event loop."""

from collections.abc import Callable
from typing import Protocol

from stack.model import Status
from stack.reply import ASK_TIMEOUT_S, Reply

Announce = Callable[[str], None]
"""Told what is being done now, for a user who waits."""

BALANCED = ("products", "gateway")
"""The services that the load balancer has in front of it: only these can have several replicas."""


def silent(_: str) -> None:
    """Announces nothing."""


class Scheduler(Protocol):
    """Replaces what dies, and carries out deployments. Where a runtime has none, the lab plays one."""

    def replacement_s(self, service: str) -> float:
        """How long after its end a replica's replacement starts."""

    def replace_after(self, service: str, seconds: float) -> None:
        """Let it be so many seconds from now on. May replace every replica; all are ready when this returns."""

    def deploy(self, service: str, minimum_healthy: int) -> None:
        """Replace every replica by a new one, and keep so many percent of them ready."""


class Runtime(Protocol):
    """A stack that can be started, looked at and broken. Errors are StackErrors: sentences for the user.

    With a scheduler, what is said of one replica that stays down is true of a service's only one.
    A `target` is a replica's name (`products-2`), or a service's where it has only one (`postgres`).
    """

    name: str

    @property
    def scheduler(self) -> Scheduler | None:
        """Who replaces what dies, whoever killed it; None where nobody does."""

    @property
    def can_cut(self) -> bool:
        """Whether `cut` is possible."""

    def is_up(self) -> bool:
        """Whether there is anything of this stack, running or stopped, that `down` would end."""

    def up(self) -> None:
        """Start what is not running and return when every replica is ready. May be called again."""

    def down(self, *, volumes: bool = False) -> None:
        """Stop everything; with `volumes` remove the data too."""

    def status(self) -> Status: ...

    def kill(self, target: str) -> None:
        """SIGKILL."""

    def pause(self, target: str) -> None:
        """Freeze: it keeps its connections and answers nothing."""

    def resume(self, target: str) -> None: ...

    def stop(self, target: str) -> None:
        """Stop gracefully; it stays down until `start`."""

    def start(self, target: str) -> None:
        """Start what was stopped or killed and return when it is ready."""

    def scale(self, service: str, count: int) -> None:
        """Have `count` replicas of a service, without a failed request."""

    def roll(self, service: str = "products") -> None:
        """Restart the replicas of a service one after another, without a failed request."""

    def cut(self, target: str) -> None:
        """Take a replica off the network."""

    def join(self, target: str) -> None:
        """Put it back."""

    def ask(
        self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = ASK_TIMEOUT_S
    ) -> Reply:
        """What a replica answers on its own port, to which the load balancer sends nobody: `/metrics`, `/faults`.

        `body` is sent as JSON. A StackError where no answer comes, soon after `timeout_s` at the latest.
        """

    def logs(self, *, follow: bool = False) -> None:
        """Print the last lines of every log; with `follow` go on until interrupted."""
