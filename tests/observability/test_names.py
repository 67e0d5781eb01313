"""Every metric, label and value that the rules and the dashboard name is one that the services really expose."""

import re

import pytest

from tests.observability.expositions import TARGET, samples
from tests.observability.expressions import Expression, expressions, recorded

everywhere = pytest.mark.parametrize("expression", expressions(), ids=lambda each: each.where.replace(" ", "_"))
# What an outcome brings, and cannot be there before it: any number of three digits is a status.
NOT_YET_SEEN = {"status"}
# Prometheus' own.
ALERTS = {"alertname", "alertstate", "severity"}


def labels_of(name: str) -> set[str]:
    """The labels that a metric can have; KeyError where nobody exposes or records it."""
    if name == "ALERTS":
        return ALERTS | TARGET | {"slo", "dependency"}
    if name in recorded():
        return recorded()[name]
    return {label for labels in samples()[name] for label in labels}


@everywhere
def test_a_metric_is_exposed_or_recorded(expression: Expression) -> None:
    assert expression.selectors
    known = samples().keys() | recorded().keys() | {"ALERTS"}
    assert {name for name, _ in expression.selectors} - known == set()


@everywhere
def test_a_label_is_one_that_its_metric_has(expression: Expression) -> None:
    for name, matchers in expression.selectors:
        assert {label for label, _, _ in matchers} - labels_of(name) == set(), name
    available = {label for name, _ in expression.selectors for label in labels_of(name)}
    assert expression.grouping - available == set()
    assert expression.shown - available == set()


@everywhere
def test_a_value_is_one_that_its_label_takes(expression: Expression) -> None:
    for name, matchers in expression.selectors:
        for label, operator, value in matchers:
            if label in NOT_YET_SEEN or name == "ALERTS" or name in recorded():
                continue
            seen = {labels[label] for labels in samples()[name] if label in labels}
            # Each word by itself: a misspelt one among several would be noticed by nobody.
            for word in value.split("|") if operator in ("=~", "!~") else [re.escape(value)]:
                assert any(re.fullmatch(word, each) for each in seen), (name, label, word)


@everywhere
def test_what_visitors_ask_is_told_from_what_operators_do_by_the_whole_list(expression: Expression) -> None:
    operators = {labels["route"] for labels in samples()["afloat_http_requests_total"]} & {
        "/livez", "/readyz", "/metrics", "/faults", "/patterns"
    }  # fmt: skip
    for _, matchers in expression.selectors:
        for label, operator, value in matchers:
            if (label, operator) == ("route", "!~"):
                assert set(value.split("|")) == operators
                assert ("service", "!=", "dashboard") in matchers, "its pages are the operators'"


def test_a_name_that_nobody_exposes_would_be_noticed() -> None:
    invented = Expression("", 'sum by (nobody) (rate(afloat_inventions_total{dependency="orders"}[5m]))')
    assert invented.selectors == [("afloat_inventions_total", [("dependency", "=", "orders")])]
    assert invented.grouping == {"nobody"}
    with pytest.raises(KeyError):
        labels_of("afloat_inventions_total")
