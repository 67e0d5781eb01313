"""The Terraform sources by themselves: format, types, plans against a mocked provider, and the security rules."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Set
from pathlib import Path

import pytest

from tests.aws.terraform import SOURCE, Terraform

CHECKOV = SOURCE / ".checkov.yaml"


def skipped_rules() -> dict[str, str]:
    """Every rule that checkov does not apply, with the reason beside it."""
    return dict(re.findall(r"^  - (CKV2?_\w+)(.*)$", CHECKOV.read_text(), re.MULTILINE))


def test_the_sources_are_formatted(terraform: Terraform) -> None:
    code, output = terraform.exit_code("fmt", "-check", "-diff", "-recursive")
    assert code == 0, output


def test_the_configuration_is_valid(terraform: Terraform) -> None:
    assert json.loads(terraform.run("validate", "-json"))["valid"] is True


def test_who_calls_a_service_is_made_after_it(terraform: Terraform) -> None:
    """Service Connect tells a task only the names that there were when the task's service was deployed."""
    edges = re.findall(r'^  "(.+?)" -> "(.+?)";$', terraform.run("graph"), re.MULTILINE)
    after: dict[str, set[str]] = {}
    for one, other in edges:
        after.setdefault(one, set()).add(other)
    callees = {"gateway": {"products", "customers", "orders"}}
    callees["dashboard"] = {"gateway", *callees["gateway"]}
    for caller, services in callees.items():
        assert {_service(each) for each in services} <= _all_before(_service(caller), after)


@pytest.mark.timeout(900)
def test_what_is_planned_is_what_is_meant(terraform: Terraform) -> None:
    output = terraform.run("test", timeout_s=880)
    assert re.search(r"Success! \d+ passed, 0 failed", output), output


def test_every_rule_that_checkov_does_not_apply_is_broken_somewhere_and_says_why(terraform: Terraform) -> None:
    """One run without the file of exceptions: what fails must be what the file lists, no less and no more."""
    run = subprocess.run(
        [
            Path(sys.executable).with_name("checkov"),
            "--directory=.",
            "--framework=terraform",
            "--skip-download",
            "--quiet",
            "--compact",
            "--output=json",
        ],
        cwd=terraform.folder,  # a copy, without the file
        env={"PATH": "/usr/bin:/bin", "HOME": str(terraform.folder)},
        capture_output=True,
        text=True,
        timeout=150,
    )
    failed = {each["check_id"]: each for each in json.loads(run.stdout)["results"]["failed_checks"]}
    rules = skipped_rules()
    broken = [f"{each['check_id']} {each['check_name']} {each['resource']}" for each in failed.values()]
    assert failed.keys() == rules.keys(), "\n".join(broken)
    assert [rule for rule, reason in rules.items() if len(reason.partition("#")[2].strip()) < 20] == []


def test_a_pool_is_as_large_as_a_service_takes_it() -> None:
    settings = pytest.importorskip("chassis.settings", reason="make test runs this", exc_type=ImportError)
    bounds = re.search(
        r"var\.pool_size >= (\d+) && var\.pool_size <= (\d+)", (SOURCE / "variables_capacity.tf").read_text()
    )
    assert bounds
    for size in map(int, bounds.groups()):
        assert settings.DatabaseSettings(database_url="postgresql://", database_pool_size=size)
    for size in (int(bounds[1]) - 1, int(bounds[2]) + 1):
        with pytest.raises(ValueError, match="database_pool_size"):
            settings.DatabaseSettings(database_url="postgresql://", database_pool_size=size)


def test_a_service_keeps_a_connection_for_longer_than_the_load_balancer() -> None:
    settings = pytest.importorskip("chassis.settings", reason="make test runs this", exc_type=ImportError)
    idle_s = re.search(r"idle_timeout += (\d+)", (SOURCE / "load_balancer.tf").read_text())
    assert idle_s
    assert settings.ServiceSettings.model_fields["keep_alive_s"].default > int(idle_s[1])


def test_no_file_is_longer_than_a_screen_or_two() -> None:
    assert [path.name for path in SOURCE.rglob("*.tf") if len(path.read_text().splitlines()) > 150] == []


@pytest.mark.parametrize("kind", ["variable", "output"])
def test_every_input_and_output_is_described(kind: str) -> None:
    undescribed = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in SOURCE.rglob("*.tf")
        for name, body in re.findall(rf'^{kind} "(\w+)" {{\n(.*?)^}}', path.read_text(), re.MULTILINE | re.DOTALL)
        if not re.search(r'^  description = ".{10,}"$', body, re.MULTILINE)
    ]
    assert undescribed == []


def _service(name: str) -> str:
    return f"module.{name}.aws_ecs_service.this"


def _all_before(one: str, after: Mapping[str, Set[str]]) -> set[str]:
    """Everything that is made before this one, by the edges of Terraform's graph."""
    found: set[str] = set()
    new = {one}
    while new:
        new = {other for each in new for other in after.get(each, ())} - found
        found |= new
    return found
