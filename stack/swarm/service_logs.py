"""The logs of several services at once, each line with the task that wrote it."""

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack

from stack.docker.command import command_for

_LINES = "20"


def show(services: Sequence[str], host: str | None, *, follow: bool) -> None:
    """Print the last lines of each straight to the terminal; with `follow` go on, all at the same time."""
    options = ["--tail", _LINES, *(["--follow"] if follow else [])]
    with ExitStack() as running:
        for service in services:
            process = running.enter_context(
                subprocess.Popen(command_for(host, "service", "logs", *options, service), stdin=subprocess.DEVNULL)
            )
            if not follow:
                process.wait()
