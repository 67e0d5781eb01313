"""Sentences and tables of the report."""

import pytest

from lab.findings import Said, Verdict
from lab.report.tables import Expectation, Figure, expectations, figure, head, journal
from lab.report.words import MARKS, label, listed, pace, phrase, suite_sentence
from tests.lab.report.results import collection, down, found, run, side


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ({"one": "held"}, "One held."),
        ({"one": "held", "two": "held"}, "Both experiments held."),
        ({"one": "held", "two": "held", "three": "held"}, "All 3 experiments held."),
        ({"one": "deviated"}, "0 of 1 experiment held; One deviated."),
        (
            {"one": "held", "two": "aborted", "three": "invalid"},
            "1 of 3 experiments held; Two was aborted and Three is invalid.",
        ),
    ],
)
def test_a_suite_has_its_verdict_in_a_sentence(verdicts: dict[str, str], sentence: str) -> None:
    results = [found(name, side("on", run(Verdict(verdict)))) for name, verdict in verdicts.items()]
    assert suite_sentence(collection(*results)) == sentence


def test_every_verdict_has_a_mark_of_its_own() -> None:
    assert set(MARKS) == set(Verdict)
    assert len(set(MARKS.values())) == len(Verdict)


@pytest.mark.parametrize(
    ("name", "term", "details"),
    [
        ("failed", "failed", ""),
        ("during.customers.p99_ms", "p99", "customers, during the faults"),
        ("orders.downtime_s", "downtime", "orders"),
        ("open.gateway_search.degraded_p95_ms", "p95 of degraded", "gateway search, while a breaker was open"),
        ("breaker.orders.opened_after_s", "breaker opened after", "orders"),
    ],
)
def test_a_measure_has_a_term_of_whom_and_when(name: str, term: str, details: str) -> None:
    assert label(name) == (term, details)
    assert phrase(name) == (f"{term} ({details})" if details else term)


def test_a_measure_that_this_lab_does_not_know_stands_for_itself() -> None:
    assert head("charm_per_s").term == "charm_per_s"
    assert head("charm_per_s").anchor == ""


def test_a_figure_is_the_median_and_its_range() -> None:
    three = side("on", down(6, 60), down(7, 80), down(7, 70))
    assert figure(three, "downtime_s") == Figure("7.0 s", "6.0 s to 7.0 s")
    assert figure(three, "failed") == Figure("70", "60 to 80")
    assert figure(three, "sent") == Figure("90", "")
    assert figure(three, "time_to_detect_s") == Figure("-", "")


def test_a_figure_says_in_how_many_runs_there_was_none() -> None:
    times = [run(measures={"time_to_full_capacity_s": value}) for value in (None, None, 12.0)]
    assert figure(side("on", *times), "time_to_full_capacity_s") == Figure("12.0 s", "never in 2")
    times[0] = run(measures={"time_to_full_capacity_s": 14.0})
    assert figure(side("on", *times), "time_to_full_capacity_s") == Figure("13.0 s", "12.0 s to 14.0 s, never in 1")


def test_expectations_are_told_over_all_runs() -> None:
    found_of_it = expectations(side("on", down(0, 0), down(1, 12, Verdict.DEVIATED), down(0, 0)))
    assert found_of_it[0] == Expectation("expected", "failed == 0", "0 (0 to 12)", held=2, runs=3)
    assert not found_of_it[0].holds
    assert [each.when for each in found_of_it] == ["expected", "steady before", "steady after"]
    assert found_of_it[1] == Expectation("steady before", "answered_share >= 0.99", "100 %", held=3, runs=3)
    assert found_of_it[1].holds


def test_the_journal_has_the_phases_among_what_was_done() -> None:
    assert journal(run(journal=[Said(at_s=3.5, text="kill"), Said(at_s=-0.2, text="patterns off")])) == [
        (-0.2, "patterns off"),
        (0, "warm up begins"),
        (1, "before begins"),
        (3, "during begins"),
        (3.5, "kill"),
        (6, "settling begins"),
        (7, "after begins"),
    ]


def test_a_faster_schedule_says_what_its_seconds_are_worth() -> None:
    assert "7 s in the tables and on the time axis are 35 s at full size" in pace(found("one", time_scale=5))
    assert pace(found("one", time_scale=1)) == ""


def test_things_are_listed_with_an_and() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
