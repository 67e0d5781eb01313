"""What Prometheus itself says of its configuration, the rules, the alerts' tests and the dashboard's expressions."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.observability.expressions import DASHBOARD, FOLDER, ROOT, RULE_FILES, panels, rules

ALERT_TESTS = ROOT / "tests/observability/alerts.test.yml"


@pytest.fixture
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        reason = "promtool is not here (Debian has it in its package promtool, or prometheus)"
        if os.environ.get("AFLOAT_REQUIRE_PROMTOOL") == "1":
            pytest.fail(f"AFLOAT_REQUIRE_PROMTOOL=1, but: {reason}")
        pytest.skip(reason)
    return found


def ask(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_configuration_and_its_rules_are_valid(promtool: str) -> None:
    run = ask(promtool, "check", "config", "--lint=all", "--lint-fatal", str(FOLDER / "prometheus.yml"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert all(path.name in run.stdout for path in RULE_FILES)


def test_the_alerts_fire_when_they_should_and_not_when_they_should_not(promtool: str) -> None:
    run = ask(promtool, "test", "rules", str(ALERT_TESTS))
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_alert_that_never_fires_fails_its_test(promtool: str, tmp_path: Path) -> None:
    for path in RULE_FILES:
        (tmp_path / path.name).write_text(path.read_text().replace("14.4 * 0.001", "144 * 0.001"))
    tests = ALERT_TESTS.read_text().replace("../../infra/observability/rules/", f"{tmp_path}/")
    (tmp_path / "alerts.test").write_text(tests)
    run = ask(promtool, "test", "rules", str(tmp_path / "alerts.test"))
    assert run.returncode != 0
    assert "ErrorBudgetBurnsFast" in run.stdout + run.stderr


def test_the_dashboards_expressions_are_valid(promtool: str, tmp_path: Path) -> None:
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    asked += [annotation["expr"] for annotation in DASHBOARD["annotations"]["list"]]
    written = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(asked)]
    # JSON is YAML.
    (tmp_path / "panels.yml").write_text(json.dumps({"groups": [{"name": "panels", "rules": written}]}))
    run = ask(promtool, "check", "rules", str(tmp_path / "panels.yml"))
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_alert_has_a_unit_test_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    tested = ALERT_TESTS.read_text()
    for rule in rules():
        if "alert" in rule:
            name = rule["alert"]
            assert f"alertname: {name}, exp_alerts: []" in tested, name
            assert f"alertname: {name}\n        exp_alerts:" in tested, name
