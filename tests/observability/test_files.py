"""What the files of infra/observability promise, read from them: neither Grafana nor an engine is needed."""

import re
from itertools import pairwise
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # read as plain data

from tests.architecture.readme import settings_table
from tests.observability.expressions import DASHBOARD, FOLDER, ROOT, panels, rules

COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "docker-compose.yml").read_text())
MAIN: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OBSERVERS: dict[str, dict[str, Any]] = COMPOSE["services"]
GUIDE = (ROOT / "docs/observability.md").read_text()
everyone = pytest.mark.parametrize("name", sorted(OBSERVERS))


def provisioned(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FOLDER / "grafana" / kind / f"{name}.yml").read_text())
    return found


@everyone
def test_an_observer_starts_only_where_it_is_asked_for_and_is_seen_on_this_machine_alone(name: str) -> None:
    assert OBSERVERS[name]["profiles"] == ["observability"]
    [port] = OBSERVERS[name]["ports"]
    assert re.fullmatch(r"127\.0\.0\.1:\$\{AFLOAT_(PROMETHEUS|GRAFANA)_PORT:-\d+\}:\d+", port)


@everyone
def test_an_observer_can_change_nothing_of_its_system_and_take_only_its_share(name: str) -> None:
    service = OBSERVERS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0"}
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert [mount for mount in service["volumes"] if mount.startswith(".") and not mount.endswith(":ro")] == []
    assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", service["image"])


@everyone
def test_a_file_that_an_observer_is_given_is_there(name: str) -> None:
    for mount in OBSERVERS[name]["volumes"]:
        if mount.startswith("."):
            assert (ROOT / mount.partition(":")[0]).exists()


def test_a_plain_up_is_as_it_was_and_the_profile_adds_to_it() -> None:
    assert MAIN["include"] == [{"path": "infra/observability/docker-compose.yml", "project_directory": "."}]
    assert MAIN["services"].keys().isdisjoint(OBSERVERS)
    # Compose refuses a network that the two describe differently.
    assert COMPOSE["networks"]["front"] == MAIN["networks"]["front"]


def test_prometheus_looks_for_every_python_service_where_it_listens() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    [job] = config["scrape_configs"]
    [found] = job["dns_sd_configs"]
    listening = {name for name, each in MAIN["services"].items() if each.get("command", [""])[0] == "python"}
    assert set(found["names"]) == listening - {"migrate"}
    assert found["port"] == 8000
    assert "front" in OBSERVERS["prometheus"]["networks"]
    assert all("front" in MAIN["services"][name]["networks"] for name in found["names"])


def test_it_is_told_when_nothing_is_left_of_any_of_them() -> None:
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    [watched] = config["scrape_configs"][0]["dns_sd_configs"]
    [expression] = [rule["expr"] for rule in rules() if rule.get("alert") == "ServiceDown"]
    assert sorted(re.findall(r'absent\(service:replicas_up:count\{service="(\w+)"\}\)', expression)) == sorted(
        watched["names"]
    )


def test_what_prometheus_keeps_outlasts_the_longest_window_of_the_rules() -> None:
    days = [int(number) for rule in rules() for number in re.findall(r"\[(\d+)d\]", rule["expr"])]
    [kept] = re.findall(r"retention\.time=(\d+)d", " ".join(OBSERVERS["prometheus"]["command"]))
    assert int(kept) > max(days)


def test_the_ports_are_among_the_settings_of_the_readme() -> None:
    for name, default in re.findall(r"\$\{(AFLOAT_\w+_PORT):-(\d+)\}", (FOLDER / "docker-compose.yml").read_text()):
        assert f"| `{name}` | `{default}` |" in settings_table()


def test_grafana_is_given_the_data_source_that_its_panels_ask() -> None:
    [source] = provisioned("datasources", "prometheus")["datasources"]
    asked = [*panels(), *DASHBOARD["annotations"]["list"]]
    assert {each["datasource"]["uid"] for each in asked} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"
    [provider] = provisioned("providers", "afloat")["providers"]
    folder = provider["options"]["path"]
    assert any(mount.endswith(f"grafana/dashboards:{folder}:ro") for mount in OBSERVERS["grafana"]["volumes"])


def test_the_panels_are_complete_and_none_lies_on_another() -> None:
    every = DASHBOARD["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    taken: set[tuple[int, int]] = set()
    for panel in every:
        place = panel["gridPos"]
        cells = {(place["x"] + dx, place["y"] + dy) for dx in range(place["w"]) for dy in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert cells.isdisjoint(taken), panel["title"]
        taken |= cells
    for panel in panels():
        assert panel["type"] in {"timeseries", "stat"}
        assert panel["targets"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        references = [target["refId"] for target in panel["targets"]]
        assert all(before < after for before, after in pairwise(references))


def test_every_pattern_has_its_panels() -> None:
    titles = " ".join(panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row").lower()
    pages = {path.stem for path in (ROOT / "docs/patterns").glob("*.md")} - {"README"}
    assert {page for page in pages if page.replace("-", " ") not in titles} == set()


def test_a_page_about_a_pattern_says_where_it_is_on_the_dashboard() -> None:
    titles = {panel["title"] for panel in panels()}
    for path in (ROOT / "docs/patterns").glob("*.md"):
        lines = [line for line in path.read_text().splitlines() if "[Grafana's dashboard](../observability.md)" in line]
        named = {title for line in lines for title in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", line)}
        assert named <= titles, path.name
        assert named or path.stem == "README", path.name


def test_the_guide_says_of_every_alert_what_to_do_and_of_no_other() -> None:
    told = set(re.findall(r"^\| `(\w+)` \| (?:page|ticket) \|", GUIDE, re.MULTILINE))
    assert told == {rule["alert"] for rule in rules() if "alert" in rule}
    for rule in rules():
        if "alert" in rule:
            assert f"| `{rule['alert']}` | {rule['labels']['severity']} |" in GUIDE
