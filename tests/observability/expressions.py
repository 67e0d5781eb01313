"""The expressions of the rules and of the dashboard, and the metrics and labels that they name."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # read as plain data

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "infra/observability"
RULE_FILES = sorted((FOLDER / "rules").glob("*.yml"))
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana/dashboards/afloat.json").read_text())

_SELECTOR = re.compile(r"\b((?:afloat_\w+|up|ALERTS)\b|[a-z]+(?::\w+)+)(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
_GROUPING = re.compile(r"\b(?:by|on|without|ignoring|group_left)\s*\(([^)]*)\)")


@dataclass(frozen=True)
class Expression:
    """Where it stands, what it says, and the labels that a text made of its result shows."""

    where: str
    text: str
    shown: frozenset[str] = frozenset()

    @property
    def selectors(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """Each metric with its matchers: label, operator, value."""
        bare = _GROUPING.sub("", self.text)
        return [(name, _MATCHER.findall(matchers)) for name, matchers in _SELECTOR.findall(bare)]

    @property
    def grouping(self) -> set[str]:
        """The labels that it groups or joins by."""
        return {label.strip() for labels in _GROUPING.findall(self.text) for label in labels.split(",")}


def rules() -> Iterator[dict[str, Any]]:
    for path in RULE_FILES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def recorded() -> dict[str, set[str]]:
    """What the rules record, each with the labels that it has."""
    found: dict[str, set[str]] = {}
    for rule in rules():
        if "record" in rule:
            expression = Expression(rule["record"], rule["expr"])
            labels = {*expression.grouping, *rule.get("labels", {})} - {"le"}
            found.setdefault(rule["record"], set()).update(labels)
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def _labels_shown(text: str, pattern: str) -> frozenset[str]:
    return frozenset(re.findall(pattern, text))


def expressions() -> list[Expression]:
    """All of them."""
    found = []
    for rule in rules():
        summary = rule.get("annotations", {}).get("summary", "")
        name = rule.get("alert") or rule["record"]
        found.append(Expression(name, rule["expr"], _labels_shown(summary, r"\$labels\.(\w+)")))
    for panel in panels():
        for target in panel["targets"]:
            legend = _labels_shown(target["legendFormat"], r"\{\{(\w+)\}\}")
            found.append(Expression(panel["title"], target["expr"], legend))
    for annotation in DASHBOARD["annotations"]["list"]:
        found.append(Expression(annotation["name"], annotation["expr"]))
    return found
