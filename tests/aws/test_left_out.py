"""What `.ci/run` does with these tests: it says where it leaves them out, has them run where a provider waits for them,
and shows what they said.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.aws.conftest import REQUIRED
from tests.aws.terraform import PLUGIN_DIR, SOURCE

RUN = SOURCE.parents[1] / ".ci" / "run"
# What the script itself calls, and what it finds done.
TOOLS = ("bash", "sh", "dirname", "timeout", "rm", "env", "mktemp", "nice", "cat", "tail")
FAKES = ("docker", "promtool", "chromium", "make", "ip", "python3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with the script and scripts of ours beside it, `bin`, the only programs that there are, and `tmp`."""
    for name in (".ci", "bin", "tmp"):
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
    kept = {name: value for name, value in os.environ.items() if name not in {PLUGIN_DIR, REQUIRED}}
    return subprocess.run(
        ["bash", ".ci/run"],
        cwd=folder,
        env={**kept, "CI": "true", "PATH": str(folder / "bin"), "TMPDIR": str(folder / "tmp")},
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


@pytest.mark.parametrize(
    ("providers", "told"), [("/some/folder", "from /some/folder, required 1"), ("", "from nowhere, required no")]
)
def test_with_terraform_they_run_and_none_may_skip_where_its_provider_is(
    folder: Path, providers: str, told: str
) -> None:
    say(folder / ".ci" / "terraform-providers", f"echo {providers}")
    say(folder / "bin" / "terraform", "exit 0")
    say(folder / "bin" / "make", f'echo "$1 from ${{{PLUGIN_DIR}:-nowhere}}, required ${{{REQUIRED}:-no}}"')
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert f"test-aws {told}\n" in done.stdout


@pytest.mark.parametrize(
    ("then", "meanwhile", "shown"),
    [
        pytest.param("exit 1", "while kill -0 $(cat pid); do :; done", True, id="had ended"),
        pytest.param("exec tail -f /dev/null", ":", False, id="were running"),
    ],
)
def test_where_something_else_fails_they_leave_no_log_and_are_shown_if_they_had_ended(
    folder: Path, then: str, meanwhile: str, shown: bool
) -> None:
    say(folder / ".ci" / "terraform-providers", "exit 0")
    say(folder / "bin" / "terraform", "exit 0")
    say(
        folder / "bin" / "make",
        f"""case $1 in
test-aws) echo "what they said"; echo $$ >pid; {then} ;;
check) until [ -s pid ]; do :; done; {meanwhile}; exit 3 ;;
esac""",
    )
    done = run(folder)
    assert done.returncode == 3
    assert ("what they said" in done.stdout) == shown
    assert list((folder / "tmp").iterdir()) == []
