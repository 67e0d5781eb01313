"""`python -m lab.model`: what it prints, writes and draws, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.model.__main__ import cli
from lab.model.assumptions import FILE
from lab.model.matrix import NAME
from lab.model.plots import PICTURES
from lab.model.prices import FILE as PRICES
from lab.model.sections import SECTIONS
from tests.lab.model.matrices import measured

FEW = ["--months", "40"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cells = {"downtime_s": 6, "worst_gap_s": 6.4, "failed": 318, "vulnerability_window_s": 6.4}
    found = measured({"1 replica, one": cells, "2 replicas, two at once": cells})
    (tmp_path / f"{NAME}.json").write_text(found.model_dump_json())
    return tmp_path


def test_it_prints_every_section_and_its_assumptions_and_writes_all_figures(folder: Path) -> None:
    ended = run("--measured", folder, "--json", folder / "model.json", *FEW)
    assert ended.exit_code == 0, ended.output
    assert [name for name in SECTIONS if f"\n{name}: " not in ended.output] == []
    document = json.loads((folder / "model.json").read_text())
    assert document["sections"].keys() == SECTIONS.keys()
    assert document["assumptions"]["mtbf_days"]["kind"] == "assumed"
    assert document["measured"]["environment"] == {"runtime": "local"}
    third = document["sections"]["benefit"]["rows"][2]
    assert third["down_min"].keys() == {"mean", "low", "high"}


def test_it_prints_only_what_it_was_asked_for() -> None:
    ended = run("retries", "caches")
    assert ("retries: " in ended.output, "caches: " in ended.output, "zones: " in ended.output) == (True, True, False)


def test_it_draws_what_it_printed_twice_alike(folder: Path) -> None:
    for drawn in ("first", "second"):
        ended = run("matrix", "benefit", "retries", "--measured", folder, "--plots", folder / drawn, *FEW)
        assert ended.exit_code == 0, ended.output
    names = sorted(path.name for path in (folder / "first").iterdir())
    assert names == sorted(
        f"model_{name}.{kind}" for name in ("matrix", "benefit", "retries") for kind in ("png", "svg")
    )
    for name in names:
        first, second = ((folder / drawn / name).read_bytes() for drawn in ("first", "second"))
        assert first == second
        assert first.startswith((b"\x89PNG", b"<?xml"))


def test_a_matrix_that_nobody_measured_has_no_picture(tmp_path: Path) -> None:
    ended = run("matrix", "--plots", tmp_path / "plots", "--assumptions", FILE)
    assert ended.exit_code == 0
    assert list((tmp_path / "plots").iterdir()) == []


def test_every_picture_is_of_a_section() -> None:
    assert PICTURES.keys() <= SECTIONS.keys()


def test_assumptions_of_one_s_own_change_the_figures(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(FILE.read_text().replace("[mtbf_days]\nvalue = 30", "[mtbf_days]\nvalue = 3"))
    ended = run("windows", "--assumptions", own, "--json", tmp_path / "model.json")
    assert ended.exit_code == 0, ended.output
    rows = json.loads((tmp_path / "model.json").read_text())["sections"]["windows"]["rows"]
    assert rows[1]["failures_a_day"] == pytest.approx(1)


def test_prices_of_one_s_own_change_the_bill(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(PRICES.read_text().replace("hours_a_month = 730", "hours_a_month = 73"))
    bills = []
    for arguments in ((), ("--prices", own)):
        ended = run("benefit", "--json", tmp_path / "model.json", "--replicas", "1", *FEW, *arguments)
        assert ended.exit_code == 0, ended.output
        bills.append(json.loads((tmp_path / "model.json").read_text())["sections"]["benefit"]["rows"][0]["tasks_usd"])
    assert bills[1] == pytest.approx(bills[0] / 10)


def test_prices_that_cannot_be_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("hours_a_month = 730\n")
    for path, said in ((tmp_path / "mine.toml", "hour: field required"), (tmp_path / "none.toml", "none.toml: ")):
        ended = run("zones", "--prices", path)
        assert ended.exit_code == 1
        assert said in ended.output
        assert "Traceback" not in ended.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mtbf_days: field required"),
        (FILE.read_text() + "\n[unheard_of]\nvalue = 1\n", "unheard_of"),
        (FILE.read_text().replace("value = 0.05", "value = 0.6"), "exceed 1"),
        (FILE.read_text().replace("[needed]\nvalue = 2", "[needed]\nvalue = 0"), "needed_min is 1"),
        ("not TOML", "mine.toml: "),
    ],
)
def test_assumptions_that_cannot_be_are_refused_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text)
    ended = run("windows", "--assumptions", own)
    assert ended.exit_code == 1
    assert said in ended.output
    assert "Traceback" not in ended.output


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert "No section is called moon" in run("moon").output
    ended = run("matrix", "--measured", tmp_path)
    assert ended.exit_code == 1
    assert f"{NAME}.json" in ended.output
