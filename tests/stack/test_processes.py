"""Which processes a stack takes for its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.local import processes
from stack.waiting import until

_WAITS = "print(flush=True); input()"


@contextmanager
def working_in(folder: Path, *words: str) -> Iterator[int]:
    """The pid of a process that looks like a module of ours, and leads a session."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _WAITS, "-m", *words]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process.pid
        process.communicate(b"\n")


def found(session: int, folder: Path) -> list[int]:
    return [process.pid for process in processes.leftovers(session, folder, ())]


def test_what_works_in_the_folder_of_a_dead_stack_is_left_of_it(tmp_path: Path) -> None:
    with working_in(tmp_path, "services.products") as pid:
        assert found(pid, tmp_path) == [pid]


def test_another_stack_that_was_given_the_same_number_is_left_alone(tmp_path: Path) -> None:
    with working_in(tmp_path / "other", "services.products") as pid:
        assert found(pid, tmp_path / "ours") == []


def test_a_shell_that_was_given_the_same_number_is_left_alone(tmp_path: Path) -> None:
    with working_in(tmp_path, "http.server") as pid:
        assert found(pid, tmp_path) == []


def test_a_session_that_is_not_the_supervisors_is_left_alone(tmp_path: Path) -> None:
    with working_in(tmp_path, "services.products"):
        assert found(os.getsid(0), tmp_path) == []


def test_where_a_process_works_is_known_while_it_runs(tmp_path: Path) -> None:
    with working_in(tmp_path) as pid:
        assert processes.works_in(pid, tmp_path)
        assert not processes.works_in(pid, tmp_path.parent)
    until(lambda: not processes.works_in(pid, tmp_path), 10, lambda: "it still runs")
