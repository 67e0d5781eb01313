"""The handle on a running stack: one interface over plain processes, Docker Compose and Docker Swarm."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stack.runtime import Announce, Runtime
    from stack.settings import StackSettings


# Imported where they are used: supervisord loads an extension out of this package, and must stay small.
def open_runtime(settings: "StackSettings", announce: "Announce | None" = None) -> "Runtime":
    """The runtime to start a stack with: the one that is up, else Docker where an engine answers, else plain processes.

    Swarm is never chosen by itself. RUNTIME decides it where it is set; a StackError where that cannot be.
    """
    from stack.choice import choose, silent

    return choose(settings, announce or silent)


def running_runtime(settings: "StackSettings", announce: "Announce | None" = None) -> "Runtime":
    """The runtime of the stack that is up; NothingRuns where none is."""
    from stack.choice import find_running, silent

    return find_running(settings, announce or silent)
