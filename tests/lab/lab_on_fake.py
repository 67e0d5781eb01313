"""The lab's command line over a fake stack, which writes what it is asked to do into a file: `STATE_DIR run FILE`.

A process of its own, so that a test can interrupt and kill it.
"""

import math
import signal
import sys
from functools import partial
from pathlib import Path

import lab.__main__ as command_line
from lab.suite import Options
from stack.errors import Refused
from stack.model import State
from tests.lab.fake_stack import FakeRuntime
from tests.lab.server import serving

CALLS = "calls.txt"
STUBBORN = "stubborn"
"""A file of this name beside the calls: what was frozen cannot be thawed."""


class WritingRuntime(FakeRuntime):
    """Its replicas are what the file says, so that the next process finds them as this one left them."""

    def __init__(self, file: Path) -> None:
        super().__init__("docker")
        self._file = file
        for call in file.read_text().splitlines() if file.exists() else ():
            verb, target = call.split()
            self._states[target] = {"pause": "paused", "kill": "stopped"}.get(verb, "ready")  # type: ignore[assignment]

    def resume(self, target: str) -> None:
        if self._file.with_name(STUBBORN).exists():
            raise Refused(f"{target} does not thaw.")
        super().resume(target)

    def _set(self, target: str, state: State, call: str) -> None:
        super()._set(target, state, call)
        with self._file.open("a") as calls:
            calls.write(f"{call} {target}\n")


def main() -> None:
    # A shell's background jobs, and all they start, ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(sys.argv.pop(1))
    runtime = WritingRuntime(folder / CALLS)
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        for chooser in ("open_runtime", "running_runtime"):
            setattr(command_line, chooser, lambda *_: runtime)
        # What these tests are about does not depend on how busy the machine is.
        setattr(command_line, "Options", partial(Options, max_lag_ms=math.inf))  # noqa: B010
        command_line.cli()


if __name__ == "__main__":
    main()
