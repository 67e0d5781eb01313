"""The lab's command line, over a fake stack: its exit codes, and that nothing stays broken however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.lab.lab_on_fake import CALLS, STUBBORN

ROOT = Path(__file__).parents[2]
_GIVE_UP_S = 60.0

HEAD = """
title = "A title"
hypothesis = "A hypothesis."
[load]
rate = 50
[steady]
warm_up_s = 0
before_s = 1.5
after_s = 0.5
[[faults]]
kind = "pause"
target = "products-2"
"""
SHORT = f'{HEAD}for = 0.5\n[[sides]]\nname = "one side"\nexpect = ["failed == 0"]\n'
LONG = f'{HEAD}for = 600\n[[sides]]\nname = "one side"\nexpect = ["failed == 0"]\n'


class Lab:
    """Runs the command line with a state folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"

    def calls(self) -> list[str]:
        file = self.folder / CALLS
        return file.read_text().splitlines() if file.exists() else []

    def journal(self) -> Any:
        file = self.state / "lab-undo.json"
        return json.loads(file.read_text()) if file.exists() else []

    def experiment(self, text: str) -> str:
        path = self.folder / "mine.toml"
        path.write_text(text)
        return str(path)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*arguments), cwd=ROOT, env=self._environment(), capture_output=True, text=True, timeout=120
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            self._command(*arguments), cwd=ROOT, env=self._environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def broken(self) -> bool:
        return self.calls() == ["pause products-2"]

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tests.lab.lab_on_fake", str(self.folder), *arguments]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "AFLOAT_STATE_DIR": str(self.state)}


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


def wait(condition: Callable[[], object]) -> None:
    """Until it is so."""
    give_up_s = time.monotonic() + _GIVE_UP_S
    while not condition():
        assert time.monotonic() < give_up_s
        time.sleep(0.05)


def test_what_holds_exits_with_zero_and_is_kept_as_data(lab: Lab) -> None:
    ended = lab.run("run", lab.experiment(SHORT))
    assert ended.returncode == 0, ended.stderr
    assert "Held." in ended.stdout
    assert all(character == "\n" or character.isprintable() for character in ended.stdout), "no terminal, no codes"
    found = json.loads((lab.state / "reports" / "latest" / "mine.json").read_text())
    assert (found["format"], found["name"], found["verdict"]) == (1, "mine", "held")
    assert found["sides"][0]["runs"][0]["measures"]["failed"] == 0
    assert lab.calls() == ["pause products-2", "resume products-2"]


def test_what_is_no_experiment_exits_with_three_and_touches_nothing(lab: Lab) -> None:
    ended = lab.run("run", lab.experiment(SHORT.replace("rate", "rat")))
    assert ended.returncode == 3
    assert "mine.toml:5: load.rat: there is no such key." in ended.stderr
    assert lab.calls() == []


def test_what_cannot_be_put_right_is_said_and_what_was_found_is_reported_all_the_same(lab: Lab) -> None:
    (lab.folder / STUBBORN).touch()
    ended = lab.run("run", lab.experiment(SHORT))
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert "Not everything could be put right:\nproducts-2 does not thaw." in ended.stderr
    assert "Invalid: one side: products-2 does not thaw." in ended.stdout
    assert "report.html" in ended.stdout
    assert lab.journal() == [{"verb": "resume", "target": "products-2", "value": None}]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_lab_puts_everything_right_before_it_ends(lab: Lab, number: signal.Signals) -> None:
    with lab.running("run", lab.experiment(LONG)) as process:
        wait(lab.broken)
        assert lab.journal() == [{"verb": "resume", "target": "products-2", "value": None}]
        process.send_signal(number)
        assert process.wait(_GIVE_UP_S) == 130
    assert lab.calls() == ["pause products-2", "resume products-2"]
    assert lab.journal() == []


@pytest.mark.parametrize("then", ["undo", "run"])
def test_what_a_killed_lab_left_broken_the_next_command_puts_right(lab: Lab, then: str) -> None:
    with lab.running("run", lab.experiment(LONG)) as process:
        wait(lab.broken)
        wait(lambda: psutil.Process(process.pid).children())
        load = psutil.Process(process.pid).children()
        process.kill()
    _, alive = psutil.wait_procs(load, timeout=_GIVE_UP_S)
    assert alive == [], "the load goes on without its lab"
    assert len(lab.journal()) == 1
    ended = lab.run("undo") if then == "undo" else lab.run("run", lab.experiment(SHORT))
    assert ended.returncode == 0, ended.stderr
    assert lab.calls()[:2] == ["pause products-2", "resume products-2"]
    assert lab.journal() == []


def test_two_labs_do_not_work_on_one_stack(lab: Lab) -> None:
    with lab.running("run", lab.experiment(LONG)):
        wait(lab.broken)
        ended = lab.run("undo")
        assert ended.returncode == 1
        assert "Another command of the lab is at work" in ended.stderr
        assert lab.broken(), "and what it broke stays broken"


def test_nothing_broken_is_nothing_to_do(lab: Lab) -> None:
    ended = lab.run("undo")
    assert (ended.returncode, ended.stdout) == (0, "There is nothing to put right.\n")
