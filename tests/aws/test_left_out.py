"""`.ci/run` where there is no Terraform: what it leaves out it says, unless a provider waits for these tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.aws.terraform import SOURCE

RUN = SOURCE.parents[1] / ".ci" / "run"
# What the script itself calls, and what it finds done.
TOOLS = ("bash", "sh", "dirname", "timeout", "rm", "env")
FAKES = ("docker", "promtool", "chromium", "make", "ip", "python3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with the script and scripts of ours beside it, and `bin`, the only programs that there are."""
    for name in (".ci", "bin"):
        (tmp_path / name).mkdir()
    shutil.copy(RUN, tmp_path / ".ci" / "run")
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    for fake in FAKES:
        say(tmp_path / "bin" / fake, "exit 0")
    say(tmp_path / ".ci" / "docker-engine", "exit 1")
    return tmp_path


def say(script: Path, line: str) -> None:
    script.write_text(f"#!/bin/sh\n{line}\n")
    script.chmod(0o755)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "TF_PLUGIN_DIR"}
    return subprocess.run(
        ["bash", ".ci/run"],
        cwd=folder,
        env={**kept, "CI": "true", "PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_terraform_it_says_what_it_leaves_out(folder: Path) -> None:
    say(folder / ".ci" / "terraform-providers", "exit 0")
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert ".ci/run: no terraform here: make test-aws is left out\n" in done.stdout


def test_without_terraform_but_with_its_provider_it_fails(folder: Path) -> None:
    say(folder / ".ci" / "terraform-providers", "echo /some/folder")
    done = run(folder)
    assert done.returncode == 1
    assert "no terraform here to use the providers in /some/folder" in done.stderr
