"""The cells of the redundancy matrix, computed and compared with those that were measured."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from lab.model.drill import Drilled, drill
from lab.model.matrix import NAME, START_S, NotMeasured, matrix_table, read_measured
from tests.lab.model.matrices import EXPERIMENT, measured

SIDES = {side.name: side for side in EXPERIMENT.all_sides()}
REPLACEMENT_S = 28.0


def computed(name: str, start_s: float = 7) -> Drilled:
    """One cell at full length. A replica needs 28 s to be replaced and 7 s to start, so 35 s, as in the reference."""
    return drill(SIDES[name], EXPERIMENT.steady, 1, start_s)


def rows_of(cells: dict[str, dict[str, float]]) -> dict[str, dict[str, Any]]:
    return {f"{row['stack']}, {row['schedule']}": dict(row) for row in matrix_table(measured(cells)).rows}


@pytest.mark.parametrize(
    "name",
    [
        "1 replica, one",
        "1 replica, all at once",
        "2 replicas, two at once",
        "2 replicas, all at once",
        "3 replicas, all at once",
    ],
)
def test_when_all_are_stopped_it_is_down_for_the_reference_s_35_seconds(name: str) -> None:
    found = computed(name)
    assert found.downtime_s == 35
    assert found.worst_gap_s == pytest.approx(35, abs=0.05)
    assert found.vulnerability_window_s == pytest.approx(35)


@pytest.mark.parametrize(
    ("name", "missing_s"),
    [
        ("2 replicas, one", 35),
        ("2 replicas, one by one", 70),
        ("2 replicas, second outside the window", 70),
        ("3 replicas, one", 35),
        ("3 replicas, one by one", 70),
        ("3 replicas, two at once", 35),
        ("3 replicas, second inside the window", 50),
        ("3 replicas, second outside the window", 70),
        ("3 replicas, rolling deployment", 105),
    ],
)
def test_while_a_replica_is_left_no_request_fails_and_the_window_lasts_until_all_are_back(
    name: str, missing_s: float
) -> None:
    found = computed(name)
    assert (found.downtime_s, found.worst_gap_s) == (0, 0)
    assert found.vulnerability_window_s == pytest.approx(missing_s)


def test_a_second_failure_inside_the_window_is_an_outage_for_the_rest_of_it() -> None:
    found = computed("2 replicas, second inside the window")
    assert found.downtime_s == 35 - 15
    assert found.vulnerability_window_s == pytest.approx(15 + 35)


@pytest.mark.parametrize("name", ["1 replica, rolling deployment", "2 replicas, rolling deployment"])
def test_a_deployment_that_keeps_all_replicas_starts_one_more_first_and_no_request_fails(name: str) -> None:
    found = computed(name)
    assert (found.downtime_s, found.worst_gap_s, found.vulnerability_window_s) == (0, 0, 0)


def test_a_replica_s_own_start_does_not_run_faster_with_the_schedule() -> None:
    found = drill(SIDES["2 replicas, two at once"], EXPERIMENT.steady, scale=5, start_s=0.75)
    assert found.worst_gap_s == pytest.approx(REPLACEMENT_S / 5 + 0.75, abs=0.03)


def test_every_cell_is_computed_if_none_was_measured() -> None:
    table = matrix_table(None)
    assert len(table.rows) == len(SIDES) == 17
    assert f"own start takes {START_S:.1f} s" in table.note
    assert not any(column.key.startswith("error") for column in table.columns)


def test_the_own_start_comes_from_a_killed_single_replica_and_all_other_cells_have_errors() -> None:
    killed = {"downtime_s": 6, "worst_gap_s": REPLACEMENT_S / 5 + 1.4, "vulnerability_window_s": 7}
    rows = rows_of(
        {"1 replica, one": killed, "2 replicas, two at once": {**killed, "downtime_s": 8}, "3 replicas, one": {}}
    )
    assert [name for name, row in rows.items() if row["calibrates"]] == ["1 replica, one"]
    assert rows["2 replicas, two at once"]["error_downtime_s"] == 7 - 8
    assert rows["2 replicas, two at once"]["error_worst_gap_s"] == pytest.approx(0, abs=0.03)
    assert rows["2 replicas, two at once"]["error_vulnerability_window_s"] == pytest.approx(0, abs=0.03)
    assert rows["3 replicas, one"]["error_downtime_s"] is None


def test_the_note_counts_the_cells_that_agree_and_gives_the_largest_error() -> None:
    gap_s = REPLACEMENT_S / 5 + 0.75
    right = {"downtime_s": 6, "worst_gap_s": gap_s, "vulnerability_window_s": 6.4}
    note = matrix_table(
        measured(
            {
                "1 replica, one": right,
                "2 replicas, two at once": {**right, "downtime_s": 9},
                "2 replicas, all at once": right,
                "3 replicas, all at once": right,
            }
        )
    ).note
    assert "In 0 of the 3 cells that test the model a replica is always left" in note
    assert "In 2 of the other 3 both have the same seconds of downtime; the largest error is 3 s of 9." in note


def test_the_note_counts_the_easy_cells_apart() -> None:
    up = {"downtime_s": 0, "worst_gap_s": 0}
    down = {"downtime_s": 8, "worst_gap_s": 7.8}
    note = matrix_table(
        measured(
            {
                "1 replica, one": {**down, "vulnerability_window_s": 8},
                "2 replicas, one": {**up, "vulnerability_window_s": 9.4},
                "3 replicas, one": {**up, "vulnerability_window_s": 7.4},
                "2 replicas, two at once": {**down, "vulnerability_window_s": 10.4},
                "2 replicas, rolling deployment": {**up, "vulnerability_window_s": 0},
            }
        )
    ).note
    assert "In 3 of the 4 cells that test the model a replica is always left" in note
    assert "In 1 of the other 1" in note
    # The start is 2.2 s, so a replica is back after 7.8 s.
    assert "The errors of 'one missing' are from -2.6 to +0.4 s." in note
    assert "Measured on 2026-11-25, runtime local" in note


def test_a_written_matrix_is_read_and_a_missing_or_broken_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match=f"make lab EXPERIMENT={NAME}"):
        read_measured(tmp_path)
    (tmp_path / f"{NAME}.json").write_text("{}")
    with pytest.raises(NotMeasured, match=f"{NAME}.json: this is not what an experiment found"):
        read_measured(tmp_path)
    found = measured({})
    (tmp_path / f"{NAME}.json").write_text(found.model_dump_json())
    assert read_measured(tmp_path) == found


def test_a_compressed_copy_is_read_too(tmp_path: Path) -> None:
    found = measured({})
    (tmp_path / f"{NAME}.json.gz").write_bytes(gzip.compress(found.model_dump_json().encode()))
    assert read_measured(tmp_path) == found
