"""The folder that holds what a stack must remember: locked while it changes, its secrets for the owner alone."""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.errors import StackError
from stack.runtime import Announce


class StateFolder:
    """`.afloat`, or whatever AFLOAT_STATE_DIR says."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self, announce: Announce) -> Iterator[None]:
        """One command at a time changes the stack. The kernel drops the lock of a command that dies."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._check_owner()
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                announce("Waiting for another command that changes this stack")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _check_owner(self) -> None:
        """What lies in the folder is run and believed: nobody else may have put it there."""
        found = self.path.stat()
        if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise StackError(f"{self.path} is, or may be changed by, somebody else's: set AFLOAT_STATE_DIR to another.")

    def control_token(self) -> str:
        """The token that changing patterns and injecting faults needs: random, made the first time it is asked for."""
        path = self.path / "control_token"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, at once: a reader sees the old or the new text, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
