"""What the pages say is so: tables, metrics, commands, options, paths and links."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import TypeAdapter
from typer.main import get_command

from chassis.faults.kinds import KINDS, AnyFault
from resilience.circuit_states import Closed, Disabled, ForcedOpen, HalfOpen, MetricsOnly, Open, Verdict
from resilience.pipeline_state import Switches
from services.gateway import options, problems
from services.gateway.metrics import OUTCOMES
from stack import words
from stack.__main__ import app
from stack.settings import StackSettings
from tests.architecture.pattern_pages import (
    BLOCK,
    DEFAULTS,
    DESCRIPTIONS,
    FOLDER,
    METRICS,
    exposition,
    gateway_options,
    metrics,
    written_anew,
)
from tests.architecture.readme import settings_table

ROOT = FOLDER.parents[1]
PAGES = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.md"))}
PATTERNS = sorted(PAGES.keys() - {"README"})
# The README's own commands and settings have a test of their own.
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = {**PAGES, "CONTRIBUTING": (ROOT / "CONTRIBUTING.md").read_text()}
SECTIONS = ["The problem", "The rule", "Defaults", "Metrics", "What to watch for", "See it"]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
every_page = pytest.mark.parametrize("page", PAGES)
everywhere = pytest.mark.parametrize("page", COMMANDS)


def code_of(text: str) -> Iterator[str]:
    """What is set as code: each line of a block, each span in a sentence (which may go over a line's end)."""
    for _, block in _FENCED.findall(text):
        yield from block.splitlines()
    for span in _INLINE.findall(_FENCED.sub("", text)):
        yield " ".join(span.split())


def said(text: str, pattern: str) -> list[str]:
    """All that a pattern's group finds in the code of a page, each once."""
    return [found for [found] in said_together(text, pattern)]


def said_together(text: str, pattern: str) -> list[tuple[str, ...]]:
    """The same for a pattern of several groups."""
    matches = (match for line in code_of(text) for match in re.finditer(pattern, line))
    return sorted({tuple(group or "" for group in match.groups()) for match in matches})


def anchors_of(text: str) -> set[str]:
    """GitHub's names for the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ---- Tables and shape ------------------------------------------------------------------------------------------------


@every_page
def test_the_tables_of_a_page_are_what_the_code_says(page: str) -> None:
    assert PAGES[page] == written_anew(page, PAGES[page]), "write it anew: python -m tests.architecture.pattern_pages"


@every_page
def test_a_page_has_the_tables_that_are_made_for_it(page: str) -> None:
    made = {"defaults": DEFAULTS, "metrics": METRICS}
    assert [kind for kind, _ in BLOCK.findall(PAGES[page])] == [kind for kind in made if page in made[kind]]


@pytest.mark.parametrize("page", PATTERNS)
def test_a_page_about_a_pattern_goes_from_the_problem_to_the_sight_of_it(page: str) -> None:
    assert re.findall(r"^## (.+)$", _FENCED.sub("", PAGES[page]), re.MULTILINE) == SECTIONS


@every_page
def test_a_page_is_short_enough_to_be_read_and_its_lines_too(page: str) -> None:
    lines = PAGES[page].splitlines()
    assert 60 <= len(lines) <= 120
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


def test_every_page_is_in_the_index() -> None:
    assert {link.removesuffix(".md") for link in _LINK.findall(PAGES["README"])} >= set(PATTERNS)


def test_every_option_of_the_gateway_is_described_on_a_page() -> None:
    known = gateway_options()
    assert {name for name in known if not name.startswith("shared_pool.")} == DESCRIPTIONS.keys()
    missing = [name for name in known if not any(f"| `{name}` |" in text for text in PAGES.values())]
    assert missing == []


# ---- Metrics ---------------------------------------------------------------------------------------------------------


def test_every_metric_of_the_gateway_is_on_a_page() -> None:
    assert metrics().keys() - {name for names in METRICS.values() for name in names} == set()


@every_page
def test_a_metric_that_a_page_names_is_exposed(page: str) -> None:
    exposed = {
        name
        for family in text_string_to_metric_families(exposition())
        for name in (family.name, *(sample.name for sample in family.samples))
    }
    named = set(re.findall(r"\bafloat_[a-z_]+[a-z]", _FENCED.sub("", PAGES[page]))) | set(
        said(PAGES[page], r"^(afloat_[a-z_]+)\{")
    )
    assert named - exposed == set()


@every_page
def test_the_labels_of_a_metric_that_a_page_names_are_there_before_any_traffic(page: str) -> None:
    samples = [
        (sample.name, dict(sample.labels))
        for family in text_string_to_metric_families(exposition())
        for sample in family.samples
    ]
    for name, given in said_together(PAGES[page], r"(afloat_[a-z_]+)\{([^}]*)\}"):
        labels = dict(re.findall(r'(\w+)="([^"]*)"', given)).items()
        assert any(name == sampled and labels <= has.items() for sampled, has in samples), (name, given)


# ---- Commands --------------------------------------------------------------------------------------------------------


@everywhere
def test_a_make_target_that_a_page_names_exists(page: str) -> None:
    listed = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(said(COMMANDS[page], r"\bmake ([a-z-]+)")) - set(listed) == set()


@everywhere
def test_a_module_and_a_command_that_a_page_names_exist(page: str) -> None:
    for module, command in said_together(COMMANDS[page], r"python -m ([\w.]+)(?: ([a-z-]+))?"):
        if module == "stack":
            assert command in get_command(app).commands  # type: ignore[attr-defined] # it is a group
        elif module != "json.tool":
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@everywhere
def test_a_fault_that_a_page_injects_is_one(page: str) -> None:
    for fault in said(COMMANDS[page], r"FAULT='([^']+)'"):
        kind, *fields_of_it = shlex.split(fault)
        body = {"kind": kind, "for_s": 30, **words.values(fields_of_it)}
        TypeAdapter[AnyFault](AnyFault).validate_python(body)


@everywhere
def test_a_switch_that_a_page_turns_exists(page: str) -> None:
    known = {each.name for each in fields(Switches)}
    for switches in said(COMMANDS[page], r"SWITCH='([^']+)'"):
        assert words.switches(switches.split()).keys() - {"all"} <= known


@everywhere
def test_a_target_and_an_experiment_that_a_page_names_exist(page: str) -> None:
    replicas = StackSettings.model_construct(products_replicas=3, gateway_replicas=1).replicas
    names = {*replicas, *(f"{name}-{number}" for name, count in replicas.items() for number in range(1, count + 1))}
    assert set(said(COMMANDS[page], r"(?:TARGET|SERVICE)=([\w-]+)")) - names == set()
    for experiment in said(COMMANDS[page], r"EXPERIMENT=(\w+)"):
        assert (ROOT / f"lab/experiments/{experiment}.toml").exists()


@everywhere
def test_a_setting_that_a_page_names_exists(page: str) -> None:
    for name in said(COMMANDS[page], r"\b(AFLOAT_[A-Z_]+[A-Z])"):
        assert f"| `{name}` |" in settings_table() or name in {"AFLOAT_REQUIRE_DOCKER"}, name


@every_page
def test_patterns_that_a_page_sets_are_accepted(page: str) -> None:
    for given in said(PAGES[page], r"AFLOAT_[A-Z]+_PATTERNS='([^']+)'"):
        options.from_json(options.CUSTOMERS, given)


def test_the_question_to_a_private_port_gets_as_far_as_the_stack(tmp_path: Path) -> None:
    """Where nothing runs, it is told so by the runtime itself."""
    [script] = re.findall(r"^ask\(\) \{ \S+ -c '(.*?)' \"\$@\"; \}$", PAGES["README"], re.DOTALL | re.MULTILINE)
    run = subprocess.run(
        [sys.executable, "-c", script, "gateway-1", "/metrics"],
        cwd=ROOT,
        env={**os.environ, "RUNTIME": "local", "AFLOAT_STATE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "stack.errors.NothingRuns" in run.stderr


# ---- Words that the stack says ---------------------------------------------------------------------------------------


@every_page
def test_what_acted_is_told_in_the_words_of_the_gateway(page: str) -> None:
    patterns = {"retry", "fallback", *problems.PATTERN_OF.values()}
    assert set(said(PAGES[page], r"(\w+);dependency=")) - patterns == set()
    reasons = set(said(PAGES[page], r'(?:"reason":"|reason=|detail=)(\w+)'))
    assert reasons - {*OUTCOMES, "draining"} == set()


def test_the_diagram_of_the_breaker_has_its_states_and_its_causes() -> None:
    [diagram] = [block for kind, block in _FENCED.findall(PAGES["circuit-breaker"]) if kind == "mermaid"]
    states = {state.name for state in (Closed, Open, HalfOpen, ForcedOpen, Disabled, MetricsOnly)}
    causes = {verdict.value for verdict in Verdict} | {"wait_over", "manual", "resumed"}
    drawn = {word for edge in re.findall(r"(\w+) --> (\w+)", diagram) for word in edge}
    drawn |= set(re.findall(r"^ +(\w+)$", diagram, re.MULTILINE))
    assert drawn - {"hand"} == states
    assert {
        cause for said_of_it in re.findall(r" : (.+)$", diagram, re.MULTILINE) for cause in said_of_it.split(", ")
    } == causes
    breaker = (ROOT / "resilience/circuit_breaker.py").read_text()
    assert all(f'"{cause}"' in breaker for cause in ("wait_over", "manual", "resumed"))


def test_every_kind_of_fault_is_in_the_index_with_its_fields_and_has_its_file_and_its_test() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) ?\| .+ \|$", PAGES["README"].split("## Break something")[1], re.M))
    schema = TypeAdapter[AnyFault](AnyFault).json_schema()["$defs"].values()
    known = {each["properties"]["kind"]["const"]: each["properties"].keys() - {"kind", "for_s"} for each in schema}
    assert {kind: set(_INLINE.findall(row)) for kind, row in rows.items()} == known
    assert list(rows) == list(KINDS)
    for kind in KINDS:
        assert (ROOT / f"chassis/faults/{kind}.py").exists()
        assert (ROOT / f"tests/chassis/faults/test_{kind}.py").exists()


@every_page
def test_a_rule_of_nginx_that_a_page_quotes_is_in_its_configuration(page: str) -> None:
    configuration = {line.strip() for path in (ROOT / "lb").glob("*.conf") for line in path.read_text().splitlines()}
    quoted = {line for kind, block in _FENCED.findall(PAGES[page]) if kind == "nginx" for line in block.splitlines()}
    assert quoted - configuration == set()


@every_page
def test_a_header_that_a_page_names_is_one_that_the_code_knows(page: str) -> None:
    sources = [path for folder in ("chassis", "services", "lb") for path in (ROOT / folder).rglob("*.*")]
    known = "\n".join(path.read_text().lower() for path in sources if path.suffix in {".py", ".conf"})
    known += "\nconnection: close"
    for name in said(PAGES[page], r"^([A-Z][a-z]*(?:-[A-Z][a-z]*)+)(?:: \w+)?$"):
        assert name.lower() in known or name.lower().replace("-", "_") in known, name


# ---- Links and paths -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(guide: Path) -> None:
    for link in _LINK.findall(_FENCED.sub("", guide.read_text())):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (guide.parent / name).resolve() if name else guide
        assert target.exists(), link
        assert not anchor or anchor in anchors_of(target.read_text()), link


@everywhere
def test_a_file_that_a_page_names_exists(page: str) -> None:
    folders = "resilience|chassis|services|lb|stack|lab|tests|docs|infra"
    for path in said(COMMANDS[page], rf"^((?:{folders})/[\w./-]*)$"):
        assert (ROOT / path).exists(), path


def test_every_folder_of_infra_is_in_the_layout() -> None:
    [row] = re.findall(r"^\| `infra/` \|.*$", COMMANDS["CONTRIBUTING"], re.MULTILINE)
    folders = {f"{path.name}/" for path in (ROOT / "infra").iterdir() if path.is_dir() and path.name[0] not in "._"}
    assert folders - set(_INLINE.findall(row)) == set()


@every_page
def test_a_problem_document_is_quoted_with_the_members_that_one_has(page: str) -> None:
    for whole in said(PAGES[page], r'^(\{"type":.*\})$'):
        assert json.loads(whole).keys() <= {"type", "title", "status", "detail", "dependency", "reason"}
