"""Signals to a process and everything below it, and what a supervisor that died has left running."""

import os
import signal
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import psutil

_GONE = (psutil.NoSuchProcess, psutil.ZombieProcess)
_END_S = 10.0


def signal_tree(pid: int, number: signal.Signals) -> None:
    """Signal a process and its descendants: nginx and PostgreSQL serve from children that outlive a killed parent."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except _GONE:
        return
    for member in family:
        try:
            member.send_signal(number)
        except _GONE:
            continue


def signal_one(pid: int, number: signal.Signals) -> None:
    """Signal a process alone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def is_paused(pid: int) -> bool:
    """Whether a process is stopped by SIGSTOP."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    except _GONE:
        return False


def is_gone_or_paused(pid: int) -> bool:
    """Whether nobody will get an answer of this process, be it that it has ended."""
    return is_paused(pid) or not psutil.pid_exists(pid)


def works_in(pid: int, folder: Path) -> bool:
    """Whether there is such a process, and this is its working folder."""
    try:
        return Path(psutil.Process(pid).cwd()) == folder
    except (psutil.Error, OSError):
        return False


def children(pid: int) -> set[int]:
    """The pids of a process's children."""
    try:
        return {child.pid for child in psutil.Process(pid).children()}
    except _GONE:
        return set()


def leftovers(session: int, folder: Path, binaries: Collection[Path]) -> list[psutil.Process]:
    """The stack's processes that still run in the session of a supervisor.

    A session's number may have been given away since, to another stack even: so only those count that work below
    `folder`, and run one of our `binaries` or a module of `services`.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and _is_ours(process, folder, binaries):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def end(processes: Collection[psutil.Process]) -> None:
    """SIGTERM, and SIGKILL for those that take too long. SIGINT for PostgreSQL: its SIGTERM waits for every client."""
    for process in processes:
        try:
            process.send_signal(signal.SIGCONT)
            process.send_signal(signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
        except psutil.Error:
            continue
    _, alive = psutil.wait_procs(processes, timeout=_END_S)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=_END_S)


def _is_ours(process: psutil.Process, folder: Path, binaries: Collection[Path]) -> bool:
    if process.status() == psutil.STATUS_ZOMBIE or not Path(process.cwd()).is_relative_to(folder):
        return False
    if Path(process.exe()) in binaries:
        return True
    arguments = process.cmdline()
    return "-m" in arguments and any(each.startswith(("services.", "supervisor.")) for each in arguments)
