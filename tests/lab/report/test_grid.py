"""Stacks against schedules, and what the reference has beside them."""

import pytest

from lab.experiment import Experiment
from lab.findings import Run, Spread, Verdict
from lab.reading import find, read
from lab.report.comparison import NOT_RUN, compare
from lab.report.grid import grid, is_curve, replacement_s, seconds
from lab.report.matrix import ink_of
from lab.report.palette import Ink
from lab.report.reference import CELLS, MATRIX, WINDOW
from tests.lab.report.results import collection, down, found, matrix, side


def experiment() -> Experiment:
    return read(find(MATRIX))


def test_a_cell_is_at_full_size() -> None:
    shape = grid(matrix(time_scale=5))
    assert shape is not None
    assert (shape.stacks, shape.schedules) == (
        ["2 replicas", "3 replicas"],
        ["two at once", "one by one", "all at once"],
    )
    cell = shape.get("2 replicas", "two at once")
    assert cell is not None
    assert cell.downtime_s == Spread(median=35, low=30, high=35)
    assert cell.failed == Spread(median=70, low=60, high=71)
    assert seconds(cell.downtime_s) == "35 s (30 to 35)"
    assert shape.get("2 replicas", "all at once") is None
    assert shape.get("4 replicas", "all at once") is None


def test_schedules_are_in_the_order_of_the_stack_that_meets_them_all() -> None:
    sides = [side(f"{each.row}, {each.column}", row=each.row, column=each.column) for each in experiment().all_sides()]
    shape = grid(found(MATRIX, *sides))
    assert shape is not None
    assert shape.schedules == [schedule.name for schedule in experiment().schedules]


def test_sides_without_rows_are_no_grid() -> None:
    assert grid(found("kill_two", side("on", down(0, 0)))) is None


def test_the_colour_of_a_cell_says_whether_anybody_felt_it() -> None:
    shape = grid(matrix())
    assert shape is not None
    inks = {(stack, schedule): shape.get(stack, schedule) for stack in shape.stacks for schedule in shape.schedules}
    assert {place: ink_of(cell) for place, cell in inks.items() if cell} == {
        ("2 replicas", "two at once"): Ink.BROKEN,
        ("2 replicas", "one by one"): Ink.WELL,
        ("3 replicas", "two at once"): Ink.SECOND_BEST,
        ("3 replicas", "one by one"): Ink.WELL,
        ("3 replicas", "all at once"): Ink.BROKEN,
    }


@pytest.mark.parametrize("others", [[], [down(0, 0)] * 2], ids=["alone", "among held ones"])
def test_an_invalid_cell_is_not_well_and_says_what_it_is(others: list[Run]) -> None:
    cell = side(
        "3, one by one", down(0, 0, Verdict.INVALID), *others, row="3 replicas", column="one by one", replacement_s=28
    )
    result = found("redundancy_matrix", cell)
    shape = grid(result)
    assert shape is not None
    drawn = shape.get("3 replicas", "one by one")
    assert drawn is not None
    assert ink_of(drawn) is Ink.OFF
    [row] = [row for row in compare(collection(result)).rows if row.ours != NOT_RUN]
    assert row.ours == ("0 s, invalid" if others else "-, invalid")


def test_schedules_with_an_x_make_a_curve() -> None:
    points = [side(f"2, {x}", down(5, 50), row="2", column=f"after {x}", x=x) for x in (0, 20)]
    shape = grid(found("vulnerability_window", *points))
    assert shape is not None
    assert is_curve(shape)
    flat = grid(matrix())
    assert flat is not None
    assert not is_curve(flat)


def test_the_replacement_time_is_that_of_all_sides_or_none() -> None:
    assert replacement_s(matrix()) == 28
    assert replacement_s(found("mixed", side("a", replacement_s=1), side("b", replacement_s=2))) is None
    assert replacement_s(found("none", side("a"))) is None


def test_every_cell_of_the_reference_is_one_of_the_experiment() -> None:
    there = {(side.row, side.column) for side in experiment().all_sides()}
    assert {(cell.stack, cell.schedule) for cell in CELLS} <= there


def test_the_replacement_time_was_chosen_for_the_cell_that_says_so() -> None:
    [chosen] = [cell for cell in CELLS if cell.chosen_for]
    time_s = experiment().stack.replacement_s
    assert time_s is not None
    assert 0 < chosen.downtime_s - time_s <= 10, "what is left is the replica's own start"


def test_ours_stand_beside_the_reference() -> None:
    comparison = compare(collection(matrix()))
    assert [(row.reference, row.ours) for row in comparison.rows] == [
        ("35 s", "35 s (30 to 35)"),
        ("0 s", "0 s"),
        ("35 s", "40 s"),
        ("0 s", "0 s"),
    ]
    text = " ".join(comparison.sentences)
    assert "two different faults" in text
    assert "replaced after 28 s here (`replacement_s`)" in text
    assert "chosen so that one cell, 2 replicas and two at once, meets the reference's 35 s" in text
    assert "ran 5 times faster" in text
    assert "2 replicas: down in 1 of 2 (two at once). 3 replicas: down in 1 of 3 (all at once)." in text


def test_the_reference_s_own_replacement_time_is_told_with_what_it_costs_here() -> None:
    sides = [
        side(f"2, {x}", down(seconds, 50), row="2 replicas", column=f"after {x}", x=x, replacement_s=75)
        for x, seconds in ((0, 17), (20, 12))
    ]
    told = " ".join(compare(collection(matrix(), found(WINDOW, *sides, time_scale=5))).sentences)
    assert "60 to 90 s for its own; after 75 s, that fault costs 85 s here (`vulnerability_window`), not 35 s." in told
    later = " ".join(compare(collection(matrix(), found(WINDOW, sides[1], time_scale=5))).sentences)
    assert "for its own" not in later


def test_without_the_matrix_the_report_says_so() -> None:
    comparison = compare(collection(found("kill_two", side("on", down(0, 0)))))
    assert {row.ours for row in comparison.rows} == {NOT_RUN}
    assert "was not run here" in comparison.sentences[-1]
    assert "two different faults" in comparison.sentences[0]


def test_at_full_length_nothing_was_multiplied() -> None:
    comparison = compare(collection(matrix(time_scale=1)))
    assert comparison.rows[0].ours == "7 s (6 to 7)"
    assert "times faster" not in " ".join(comparison.sentences)
