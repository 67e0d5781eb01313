"""docs/scaling.md says what the model says, and its commands are there."""

import re
from pathlib import Path

import pytest

from lab.model.assumptions import read_assumptions
from lab.model.balancers import GO_BY_THEIR_OWN, POLICIES, at_random_exactly
from lab.model.benefit import share_of_pairs
from lab.model.sections import SECTIONS
from lab.reading import names
from resilience.options import RetryOptions
from stack import nginx_template
from tests.architecture.scaling_page import BLOCK, ON_THE_PAGE, PAGE, block, command, tables

ROOT = PAGE.parents[1]
TEXT = PAGE.read_text()
ASSUMPTIONS = read_assumptions()
# Fleets; percentages that a test of roll-outs holds (tests/lab/model/test_rollout.py); how many servers nginx has room
# for (tests/lb/test_many_servers.py); and what the tests below hold.
KNOWN = {"3", "30", "300", "3,000"} | {"66", "67", "99", "1"} | {"250"} | {"110"}


def prose() -> str:
    """What people wrote: without tables, code, headings' numbers and links' targets."""
    text = re.sub(r"^```.*?^```$", "", BLOCK.sub("", TEXT), flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", re.sub(r"`[^`]*`", "", text))
    return "\n".join(line for line in text.splitlines() if not line.startswith("|"))


@pytest.mark.parametrize("name", ON_THE_PAGE)
def test_under_every_table_is_the_command_that_prints_it(name: str) -> None:
    assert f"`{command(name)}`: " in block(name)
    assert name in SECTIONS


def test_every_figure_in_the_text_is_in_a_table() -> None:
    printed = {figure for name in tables() for figure in re.findall(r"\d[\d,.]*\d|\d", block(name))}
    figures = re.findall(r"\d[\d,.]*\d|\d", prose())
    assert [figure for figure in figures if figure not in printed | KNOWN] == []


def test_the_words_for_what_the_third_replica_costs_are_right() -> None:
    third = tables()["benefit"].rows[2]
    assert third["tasks_more"] == pytest.approx(0.5), "half as much again"
    assert third["search_more"] == pytest.approx(0.2, abs=0.02), "a fifth"
    assert third["usd_per_down_min"].low > 10 * third["usd_per_degraded_min"].high, "it pays at once"
    assert ASSUMPTIONS.share_pair.value == 0.05, "5 % take one more"
    assert share_of_pairs(ASSUMPTIONS) > 0.95, "next to nothing without"


def test_the_words_for_how_well_the_model_agrees_are_right() -> None:
    rows = tables()["matrix"].rows
    assert [row["calibrates"] for row in rows].count(True) == 2, "two cells"
    judged = [row for row in rows if not row["calibrates"]]
    assert 2 * sum(row["model_downtime_s"] == 0 for row in judged) > len(judged), "in most a replica is always left"
    missing = [row["error_vulnerability_window_s"] for row in rows if row["model_vulnerability_window_s"]]
    assert max(missing) < 0, "measured longer wherever there is something to compare"
    assert '"docker": (3.0, ' in (ROOT / "lab/watch.py").read_text(), "looks every 3 s"
    assert "x-check: &check {interval: 5s," in (ROOT / "docker-compose.yml").read_text(), "asks every 5 s"


def test_the_words_for_what_the_database_on_aws_takes_are_right() -> None:
    terraform = (ROOT / "infra/aws/variables_capacity.tf").read_text()
    limit = int(re.findall(r"max_connections = optional\(number, (\d+)\)", terraform)[0])
    pool = int(re.findall(r'variable "pool_size" \{.*?default += (\d+)', terraform, re.DOTALL)[0])
    others = int(re.findall(r"maximum_tasks += optional\(number, (\d+)\)", terraform)[0])
    reserved = int(re.findall(r"connections_at_most <= \S+ - (\d+)", (ROOT / "infra/aws/database.tf").read_text())[0])
    # Twice as many of each in the middle of a roll-out; Customers and Orders have a database too.
    most = max(tasks for tasks in range(1, 100) if pool * 2 * (tasks + 2 * others) <= limit - reserved)
    assert (limit, most) == (110, 6)


def test_the_words_for_who_retries_are_right() -> None:
    assert RetryOptions().max_attempts == 3, "the gateway"
    assert nginx_template.DEFAULTS["AFLOAT_LB_TRIES"] == "5", "nginx"


def test_the_words_for_a_flush_are_right() -> None:
    grows = [row["flushed_private"] / row["private_per_s"] for row in tables()["caches"].rows]
    assert grows[-1] < 1.2 < min(grows[:-1]), "little where most were cold"


def test_the_words_for_balancers_are_right() -> None:
    rows = {row["balancers"]: row for row in tables()["balancers"].rows}
    chance, told = at_random_exactly(ASSUMPTIONS.utilisation.value, 99), "two choices, told by the replica"
    assert rows[1]["least_conn"].high < min(rows[1][name].low for name in POLICIES if name != "least_conn")
    for name in GO_BY_THEIR_OWN:
        assert rows[1000][name].high > 0.95 * chance, "hardly better than chance"
        assert rows[1000][told].high < rows[1000][name].low
    assert "zone {name} 256k;" in (ROOT / "stack/upstreams.py").read_text()


def test_the_words_for_how_rare_a_second_failure_is_are_right() -> None:
    days = {row["replicas"]: row["days_between"] for row in tables()["windows"].rows}
    assert days[3] > 200 * 365, "centuries"
    assert days[3000] < 1 / 2, "several times a day"


def test_the_words_for_spare_are_right() -> None:
    rows = {(row["needed"], row["spare"], row["zones"]): row for row in tables()["zones"].rows}
    for needed in (20, 200, 2000):
        assert rows[needed, "a zone of three", 3]["replicas"] == pytest.approx(1.5 * needed)
        assert rows[needed, "a zone of two", 2]["replicas"] == 2 * needed
        assert rows[needed, "N + 1", 3]["zone_min"] > 0 == rows[needed, "a zone of three", 3]["zone_min"]
        assert rows[needed, "N + 1", 1]["zone_back_s"] > ASSUMPTIONS.zone_outage_s.value, "until the zone is back"
        assert rows[needed, "N + 1", 1]["short_min"] > rows[needed, "N + 1", 3]["short_min"], "three are better"
    every = [rows[needed, "a zone of three", 3]["every_min"] for needed in (2, 20, 200, 2000)]
    assert every == sorted(every), "the more replicas, the longer"
    assert all(row["every_back_s"] > ASSUMPTIONS.roll_back_s.value for row in rows.values()), "until it is back"


def test_the_commands_and_files_that_the_page_names_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"\bmake ([a-z-]+)", TEXT):
        assert f"\n{target}: " in makefile
    for variable in re.findall(r"\b([A-Z]+)=", TEXT):
        assert f"\n{variable} ?=" in makefile or variable == "RUNTIME"
    assert set(re.findall(r"EXPERIMENT=(\w+)", TEXT)) <= set(names())
    assert set(re.findall(r"python -m lab\.model (\w+)", TEXT)) <= SECTIONS.keys()
    assert [line for line in TEXT.splitlines() if len(line) > 120 and line[0] not in "|`│┃"] == []


@pytest.mark.parametrize("picture", sorted(set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT))))
def test_a_picture_on_the_page_is_there(picture: str) -> None:
    assert Path(PAGE.parent / picture).read_text().startswith("<?xml")
