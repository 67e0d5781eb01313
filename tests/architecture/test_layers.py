"""The rules of the layout, held true."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("resilience", "chassis", "services", "stack", "lab")
READS_ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}
SAYS_NOTHING = {"utils.py", "util.py", "common.py", "helpers.py", "helper.py", "misc.py"}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def test_imports_run_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([str(lint), "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr


def environment_reads(source: str) -> list[int]:
    """The lines where a module touches the environment, however it imported `os`."""
    tree = ast.parse(source)
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "os"
    }
    reads = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in READS_ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
    ]
    imports = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "os"
        and any(alias.name in READS_ENVIRONMENT for alias in node.names)
    ]
    return reads + imports


def test_the_environment_is_read_in_settings_only() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        if path.name != "settings.py"
        for line in environment_reads(path.read_text())
    ]
    assert elsewhere == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.environ['A']", [2]),
        ("import os as system\nsystem.getenv('A')", [2]),
        ("from os import environ as e", [1]),
        ("import os\nos.path.join('a')", []),
        ("settings.environ", []),
    ],
)
def test_every_way_of_reading_the_environment_is_noticed(source: str, found: list[int]) -> None:
    assert environment_reads(source) == found


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path.relative_to(ROOT)) for path in sources() if path.name in SAYS_NOTHING] == []
