"""docs/scaling.md holds the model's figures, and its sentences agree with the closed formulas."""

import re
from pathlib import Path

import pytest

from lab.model.__main__ import SECTIONS
from lab.model.assumptions import read_assumptions
from lab.model.benefit import share_of_pairs
from lab.model.prices import read_prices
from lab.model.shortfall import shortfall
from lab.reading import names
from resilience.options import RetryOptions
from stack import nginx_template
from tests.architecture.scaling_page import PAGE, ROOT, quick_tables, written

TEXT = PAGE.read_text()
ASSUMPTIONS = read_assumptions()
TABLES = {table.name: table for table in quick_tables()}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_the_table_that_the_model_prints(name: str) -> None:
    assert written(TEXT, TABLES[name]) == TEXT, "python -m tests.architecture.scaling_page"


def benefit_rows() -> list[list[str]]:
    """The cells of the page's table of benefit, which takes a long simulation to compute."""
    lines = re.findall(r"<!-- benefit -->\n(.*?)\n\n", TEXT, re.DOTALL)[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_bill_on_the_page_is_that_of_the_price_list() -> None:
    prices = read_prices()
    assert [row[1] for row in benefit_rows()] == [f"{prices.tasks(count):.2f}" for count in (1, 2, 3, 4)]
    assert [row[3] for row in benefit_rows()] == [f"{prices.search(count):.2f}" for count in (1, 2, 3, 4)]


def test_the_simulated_downtime_on_the_page_is_that_of_the_formula() -> None:
    for replicas, row in enumerate(benefit_rows(), start=1):
        without_deployments = ASSUMPTIONS.setting(replicas, deployments_a_month=0)
        low, high = re.findall(r"\(([\d.]+)-([\d.]+)\)", row[5])[0]
        assert float(low) <= shortfall(without_deployments, needed=1).minutes <= float(high)


def test_the_words_for_what_the_third_replica_costs_are_right() -> None:
    prices = read_prices()
    assert prices.tasks(3) / prices.tasks(2) == pytest.approx(1.5), "half as much again"
    assert prices.search(3) / prices.search(2) == pytest.approx(1.2, abs=0.02), "a fifth"
    assert ASSUMPTIONS.share_pair.value == 0.05, "5 %"
    assert share_of_pairs(ASSUMPTIONS) > 0.95, "almost nothing without pairs"


def test_the_words_for_how_well_the_model_agrees_are_right() -> None:
    rows = TABLES["matrix"].rows
    assert [row["calibrates"] for row in rows].count(True) == 2, "two cells"
    judged = [row for row in rows if not row["calibrates"]]
    assert 2 * sum(row["model_downtime_s"] == 0 for row in judged) > len(judged), "in most a replica is always left"
    missing = [row["error_vulnerability_window_s"] for row in rows if row["model_vulnerability_window_s"]]
    assert max(missing) < 0, "the lab measures a longer window"


def test_the_words_for_how_rare_a_second_failure_is_are_right() -> None:
    days = {row["replicas"]: row["days_between"] for row in TABLES["windows"].rows}
    assert days[3] > 200 * 365, "centuries"
    assert days[3000] < 1 / 2, "several times a day"


def test_the_words_for_spare_are_right() -> None:
    rows = {(row["needed"], row["spare"], row["zones"]): row for row in TABLES["zones"].rows}
    for needed in (20, 200, 2000):
        assert rows[needed, "a zone of three", 3]["replicas"] == pytest.approx(1.5 * needed)
        assert rows[needed, "a zone of two", 2]["replicas"] == 2 * needed
        assert rows[needed, "N + 1", 3]["zone_min"] > 0 == rows[needed, "a zone of three", 3]["zone_min"]
        assert rows[needed, "N + 1", 1]["short_min"] > rows[needed, "N + 1", 3]["short_min"], "three zones are better"
    every = [rows[needed, "a zone of three", 3]["every_min"] for needed in (2, 20, 200, 2000)]
    assert every == sorted(every), "the more replicas, the longer"


def test_the_words_for_retries_are_right() -> None:
    assert RetryOptions().max_attempts == 3, "the gateway"
    assert nginx_template.DEFAULTS["AFLOAT_LB_TRIES"] == "5", "nginx"


def test_the_commands_and_pictures_of_the_page_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{target}: " in makefile for target in re.findall(r"\bmake ([a-z-]+)", TEXT))
    assert all(f"\n{variable} ?=" in makefile for variable in re.findall(r"\b([A-Z]+)=", TEXT))
    assert set(re.findall(r"EXPERIMENT=(\w+)", TEXT)) <= set(names())
    assert set(re.findall(r"python -m lab\.model (\w+)", TEXT)) == set(SECTIONS)
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT):
        assert Path(PAGE.parent / picture).read_text().startswith("<?xml")
