"""`python -m lab.model`: what it prints, writes and draws, and what it refuses."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.model.__main__ import SECTIONS, cli
from lab.model.assumptions import FILE
from lab.model.matrix import NAME
from lab.model.prices import FILE as PRICES
from tests.lab.model.matrices import measured

FEW = ["--months", "40"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cells = {"downtime_s": 6, "worst_gap_s": 6.4, "vulnerability_window_s": 6.4}
    found = measured({"1 replica, one": cells, "2 replicas, two at once": cells})
    (tmp_path / f"{NAME}.json").write_text(found.model_dump_json())
    return tmp_path


def test_it_prints_every_section_writes_the_figures_and_draws(folder: Path) -> None:
    ended = run("--measured", folder, "--json", folder / "model.json", "--plots", folder / "plots", *FEW)
    assert ended.exit_code == 0, ended.output
    assert [name for name in SECTIONS if f"\n{name}: " not in ended.output] == []
    document = json.loads((folder / "model.json").read_text())
    assert set(document["sections"]) == set(SECTIONS)
    assert document["assumptions"]["mtbf_days"]["kind"] == "assumed"
    assert document["sections"]["benefit"][2]["degraded_min"].keys() == {"mean", "low", "high"}
    pictures = {path.name: path.read_text()[:5] for path in (folder / "plots").iterdir()}
    assert pictures == {"model_benefit.svg": "<?xml", "model_zones.svg": "<?xml"}


def test_it_prints_only_the_sections_that_are_named() -> None:
    ended = run("retries", "windows")
    assert ("retries: " in ended.output, "windows: " in ended.output, "zones: " in ended.output) == (True, True, False)


def test_your_own_assumptions_and_prices_change_the_figures(tmp_path: Path) -> None:
    own, prices, written = tmp_path / "mine.toml", tmp_path / "prices.toml", tmp_path / "model.json"
    own.write_text(FILE.read_text().replace("[mtbf_days]\nvalue = 30", "[mtbf_days]\nvalue = 3"))
    prices.write_text(PRICES.read_text().replace("hours_a_month = 730", "hours_a_month = 73"))
    figures = []
    for arguments in ((), ("--assumptions", own, "--prices", prices)):
        assert run("windows", "zones", "--json", written, *arguments).exit_code == 0
        sections = json.loads(written.read_text())["sections"]
        figures.append((sections["windows"][1]["failures_a_day"], sections["zones"][0]["usd"]))
    (failures, usd), (own_failures, own_usd) = figures
    assert (own_failures, own_usd) == (pytest.approx(10 * failures), pytest.approx(usd / 10))


def test_a_wrong_section_or_file_ends_with_a_sentence(tmp_path: Path) -> None:
    for arguments, message in (
        (("moon",), "Unknown section moon"),
        (("matrix", "--measured", tmp_path), f"{NAME}.json"),
        (("windows", "--assumptions", tmp_path / "none.toml"), "none.toml"),
        (("zones", "--prices", tmp_path / "none.toml"), "none.toml"),
    ):
        ended = run(*arguments)
        assert (ended.exit_code, message in ended.output, "Traceback" in ended.output) == (1, True, False)
