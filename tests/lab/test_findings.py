"""Verdicts, and what several runs make of a measure."""

import pytest

from lab.findings import Spread, Verdict, spread_of, summarise, worst
from tests.lab.report.results import down, run


@pytest.mark.parametrize(
    ("verdict", "exit_code"),
    [(Verdict.HELD, 0), (Verdict.DEVIATED, 1), (Verdict.ABORTED, 2), (Verdict.INVALID, 3)],
)
def test_each_verdict_has_its_exit_code(verdict: Verdict, exit_code: int) -> None:
    assert verdict.exit_code == exit_code


def test_the_worst_of_several_counts_and_nothing_at_all_shows_nothing() -> None:
    assert worst([Verdict.HELD, Verdict.DEVIATED, Verdict.HELD]) is Verdict.DEVIATED
    assert worst([Verdict.INVALID, Verdict.ABORTED]) is Verdict.INVALID
    assert worst([Verdict.HELD]) is Verdict.HELD
    assert worst([]) is Verdict.INVALID


def test_an_invalid_run_counts_for_nothing() -> None:
    assert summarise([down(0, 0, Verdict.INVALID)]) == {}
    summary = summarise([down(7, 70), down(0, 0, Verdict.INVALID), down(6, 60, Verdict.DEVIATED)])
    assert summary["downtime_s"] == Spread(median=6.5, low=6, high=7)
    assert summary["failed"] == Spread(median=65, low=60, high=70)


def test_what_never_came_is_counted() -> None:
    assert spread_of([None, None, 12]) == Spread(median=12, low=12, high=12, missing=2)
    assert spread_of([None, None]) is None
    runs = [run(measures={"time_to_full_capacity_s": value}) for value in (None, 12.0, 14.0)]
    assert summarise(runs)["time_to_full_capacity_s"] == Spread(median=13, low=12, high=14, missing=1)
