"""What is rendered is read by supervisor's own parser: only what that makes of it counts."""

import os
import pwd
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions

from stack.errors import StackError
from stack.local.supervisor_conf import Program, render


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "logs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parsed(folder: Path, programs: Sequence[Program]) -> dict[str, Any]:
    user = pwd.getpwuid(0).pw_name if os.geteuid() == 0 else None
    path = folder / "supervisord.conf"
    path.write_text(render(24_000, "secret", user, programs))
    options = ServerOptions()
    options.configfile = str(path)
    section = options.read_config(str(path))
    return {config.name: config for group in section.process_group_configs for config in group.process_configs}


def test_paths_and_values_survive_as_they_are(folder: Path) -> None:
    odd = "/srv/o'brien 100% $HOME/bin"
    program = Program("lb-1", [odd, "-p", f"{odd}/"], {"AFLOAT_X": "a,b=c 100% (d)"})

    config = parsed(folder, [program])["lb-1"]

    assert shlex.split(config.command) == [odd, "-p", f"{odd}/"]
    assert config.environment["AFLOAT_X"] == "a,b=c 100% (d)"
    assert config.directory is None


def test_a_service_is_kept_running_and_a_job_is_not(folder: Path) -> None:
    configs = parsed(folder, [Program("products-1", ["/bin/true"]), Program("migrate", ["/bin/true"], once=True)])

    assert configs["products-1"].autorestart != configs["migrate"].autorestart
    assert configs["products-1"].startretries > 100
    assert (configs["migrate"].startsecs, configs["migrate"].startretries) == (0, 0)


def test_nothing_starts_before_it_is_told_to(folder: Path) -> None:
    assert not parsed(folder, [Program("products-1", ["/bin/true"])])["products-1"].autostart


@pytest.mark.parametrize("value", ['a"b', "a'b", "a\nb"])
def test_a_setting_that_the_file_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(StackError, match="cannot be the value of a setting"):
        render(24_000, "secret", None, [Program("products-1", ["/bin/true"], {"AFLOAT_X": value})])


@pytest.mark.parametrize("path", ["/srv/a ;b", "/srv/a #b"])
def test_a_path_that_would_read_as_a_comment_is_refused(path: str) -> None:
    with pytest.raises(StackError, match="cannot be used"):
        render(24_000, "secret", None, [Program("lb-1", [path])])
