"""`python -m lab report`, as one types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lab.__main__ import cli
from lab.report import commands
from tests.lab.report.results import found, matrix, run, side, write


def test_a_report_is_made_again_from_a_folder(tmp_path: Path) -> None:
    write(tmp_path, found("kill_two", side("three replicas", run())), matrix())
    ended = CliRunner().invoke(cli, ["report", str(tmp_path)])
    assert (ended.exit_code, ended.output.strip()) == (0, str(tmp_path / "report.html"))
    assert "Both experiments" not in (tmp_path / "report.html").read_text(), "one of them deviated"
    assert (tmp_path / "pictures/kill_two.three-replicas.png").exists()
    assert (tmp_path / "kill_two.json").exists()


def test_a_report_may_be_written_elsewhere(tmp_path: Path) -> None:
    write(tmp_path / "results", found("kill_two", side("three replicas", run())))
    ended = CliRunner().invoke(cli, ["report", str(tmp_path / "results"), "--into", str(tmp_path / "new/report")])
    assert (ended.exit_code, ended.output.strip()) == (0, str(tmp_path / "new/report/report.html"))
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["kill_two.json"]
    assert [path.name for path in (tmp_path / "new/report/pictures").iterdir()] == ["kill_two.three-replicas.png"]


@pytest.mark.parametrize("command", ["report", "headline", "sample"])
def test_what_cannot_be_read_is_a_sentence_and_changes_nothing(tmp_path: Path, command: str) -> None:
    (tmp_path / "broken.json").write_text("{")
    before = commands.README.read_bytes()
    ended = CliRunner().invoke(cli, [command, str(tmp_path)])
    assert ended.exit_code == 1
    assert ended.output.startswith(f"{tmp_path / 'broken.json'}: this is not JSON")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.json"]
    assert commands.README.read_bytes() == before


def test_without_the_libraries_the_run_ends_with_a_hint() -> None:
    assert commands.missing(ModuleNotFoundError("no", name="matplotlib")) == (
        "matplotlib is not installed: `make lab` brings all that a report needs."
    )


def test_a_run_whose_results_cannot_be_read_still_says_so(tmp_path: Path) -> None:
    assert commands.written(tmp_path) == f"No report was written: {tmp_path}: no experiment has left a result here."
