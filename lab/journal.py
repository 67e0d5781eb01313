"""What has to be put right, written down before it is done: a lab that is killed can no longer do it itself.

The next command of the lab does, or `make lab-undo`.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from stack import visitors
from stack.errors import NothingRuns, StackError
from stack.runtime import Runtime
from stack.state_folder import write_private

Verb = Literal["start", "resume", "join", "scale", "replace_after", "patterns", "clear_faults", "visitors", "down"]

# What holds for a whole command, and not for one fault.
_LASTING = ("replace_after", "visitors", "down")


class LabBusy(StackError):
    def __init__(self) -> None:
        super().__init__("Another command of the lab is at work on this stack: wait for it, or end it.")


@dataclass(frozen=True)
class Undo:
    """One thing to put right; `value` is what it was before. Done twice, it does no harm."""

    verb: Verb
    target: str = ""
    value: Any = None

    def do(self, runtime: Runtime) -> None:
        """Put it right; a StackError where that cannot be."""
        match self.verb:
            case "start":
                runtime.start(self.target)
            case "resume":
                runtime.resume(self.target)
            case "join":
                runtime.join(self.target)
            case "scale":
                runtime.scale(self.target, self.value)
            case "replace_after":
                if runtime.scheduler:
                    runtime.scheduler.replace_after(self.target, self.value)
            case "patterns":
                runtime.ask(self.target, "PUT", "/patterns", self.value)
            case "clear_faults":
                runtime.ask(self.target, "DELETE", "/faults")
            case "visitors":
                visitors.send(runtime.status(), self.value)
            case "down":
                runtime.down()

    @property
    def may_fail(self) -> bool:
        """A replica that is gone has lost its faults, its switches and what it was told with it."""
        return self.verb in ("patterns", "clear_faults", "visitors")


class Journal:
    """The list in a file, or without one in memory alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.entries: list[Undo] = []
        if path is not None and path.exists():
            try:
                self.entries = [Undo(**entry) for entry in json.loads(path.read_text())]
            except (ValueError, TypeError):
                raise StackError(
                    f"{path} is damaged: look at `make status`, put it right and remove the file."
                ) from None

    def add(self, undo: Undo) -> None:
        if undo not in self.entries:
            self.entries.append(undo)
            self._write()

    def done(self, *undos: Undo) -> None:
        self.entries = [each for each in self.entries if each not in undos]
        self._write()

    def put_right(self, runtime: Runtime, *, faults_only: bool = False) -> list[str]:
        """Do all that is on the list, the last first; returns a sentence for each that could not be done.

        Those stay on the list, unless there is no stack any more. With `faults_only` so does what holds for the whole
        command.
        """
        failures: list[str] = []
        for undo in reversed(self.entries):
            if faults_only and undo.verb in _LASTING:
                continue
            try:
                undo.do(runtime)
            except NothingRuns:
                self.done(*self.entries)
                return failures
            except StackError as error:
                if not undo.may_fail:
                    failures.append(str(error))
                    continue
            self.done(undo)
        return failures

    def _write(self) -> None:
        if self._path is None:
            return
        if self.entries:
            write_private(self._path, json.dumps([asdict(each) for each in self.entries], indent=2) + "\n")
        else:
            self._path.unlink(missing_ok=True)


@contextmanager
def open_journal(state_dir: Path) -> Iterator[Journal]:
    """The journal of a stack, for one command at a time. The kernel drops the lock of a command that dies."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / "lab.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LabBusy from None
        yield Journal(state_dir / "lab-undo.json")
