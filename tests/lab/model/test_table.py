"""Figures are rounded to what the assumptions bear."""

import pytest

from lab.model.estimates import Estimate
from lab.model.table import estimated, rounded, span


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0004, "< 0.001"), (0.0512, "0.051"), (0.996, "1.0"), (3.177, "3.2"), (23.9, "24"), (2238.9, "2,200")],
)
def test_two_significant_digits_are_shown(value: float, text: str) -> None:
    assert rounded(value) == text


def test_an_estimate_has_its_interval_unless_that_rounds_to_the_mean() -> None:
    assert estimated(Estimate(0.889, 0.851, 0.927)) == "0.89 (0.85-0.93)"
    assert estimated(Estimate(0.1, -0.1, 0.3)) == "0.10 (0-0.30)"
    assert estimated(Estimate(43800, 43799, 43801)) == "44,000"


@pytest.mark.parametrize(
    ("days", "text"), [(589_098.41, "1,600 years"), (1354.73, "3.7 years"), (13.18, "13 days"), (0.136, "3.3 hours")]
)
def test_a_time_is_in_the_unit_that_a_reader_would_use(days: float, text: str) -> None:
    assert span(days) == text
