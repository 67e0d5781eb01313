"""What a user sees who has no stack up, or says something wrong."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stack.settings import ROOT


def run(*command: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RUNTIME": "local", "AFLOAT_STATE_DIR": str(folder), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def stack(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "stack", *arguments, folder=folder, **settings)


@pytest.mark.parametrize(
    "command",
    [
        *(("status",), ("kill", "products-1"), ("pause", "lb"), ("scale", "products", "2"), ("roll",), ("logs",)),
        *(("fault", "products", "crash"), ("faults",), ("clear-faults",), ("patterns", "all=on")),
    ],
)
def test_where_nothing_is_up_it_says_how_to_change_that(tmp_path: Path, command: tuple[str, ...]) -> None:
    said = stack(*command, folder=tmp_path)

    assert said.returncode == 1
    assert said.stderr.strip() == "No stack is up here: start one with `make up`."


def test_down_where_nothing_is_up_has_nothing_to_complain_about(tmp_path: Path) -> None:
    assert stack("down", folder=tmp_path).returncode == 0


def test_a_number_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    said = stack("scale", "products", "", folder=tmp_path)

    assert said.returncode == 1
    assert said.stderr.strip() == "Say how many replicas, as in `make scale SERVICE=products N=5`."


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("fault", "products", "latency", "3000"), "'3000' says nothing: write it as in delay_ms=3000."),
        (("patterns", "timeouts=0"), "timeouts can be on or off, not '0'."),
    ],
)
def test_a_word_that_is_none_is_a_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    said = stack(*words, folder=tmp_path)

    assert (said.returncode, said.stderr.strip()) == (1, says)


def test_a_bad_setting_is_a_sentence(tmp_path: Path) -> None:
    said = stack("up", folder=tmp_path, AFLOAT_PORT="http")

    assert said.returncode == 1
    assert said.stderr.startswith("AFLOAT_PORT is 'http': ")
    assert "Traceback" not in said.stderr


def test_help_names_every_target_of_the_makefile(tmp_path: Path) -> None:
    phony = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    said = run("make", "help", folder=tmp_path)

    assert re.findall(r"^  make ([a-z-]+) ", said.stdout, re.MULTILINE) == " ".join(phony).split()


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    said = run("make", "up", f"PYTHON={old}", f"VENV={tmp_path}/venv", folder=tmp_path)

    assert said.returncode != 0
    assert f"Afloat needs Python 3.11 or later as {old}" in said.stderr
    assert not (tmp_path / "venv").exists()
