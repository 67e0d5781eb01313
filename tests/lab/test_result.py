"""Figures from records whose answers are known."""

import math
import random

import pytest

from lab.record import Record, Records
from lab.result import Result, nearest_rank


def answered(due_s: float, latency_ms: float, replica: str = "products-1", lag_ms: float = 0) -> Record:
    return Record(due_s, lag_ms / 1000, latency_ms / 1000, replica=replica)


def test_of_a_hundred_latencies_the_99th_is_p99() -> None:
    result = Result(answered(0, ms) for ms in random.Random(1).sample(range(1, 101), 100))
    assert (round(result.p50_ms), round(result.p99_ms), round(result.max_ms)) == (50, 99, 100)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([7], 50, 7),
        ([7], 99, 7),
        ([1, 2], 50, 1),
        ([1, 2], 51, 2),
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 100, 50),
        (list(range(1, 1001)), 99.9, 999),
        ([], 99, 0),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], percent: float, expected: float) -> None:
    assert nearest_rank(values, percent) == expected


def test_failed_requests_have_a_reason_and_no_latency() -> None:
    result = Result(
        [answered(0, 10), Record(0, 0, 5, "timeout"), Record(0, 0, 0, "status 503"), Record(0, 0, 5, "timeout")]
    )
    assert (result.sent, result.answered, result.failed) == (4, 1, 3)
    assert result.failures == {"timeout": 2, "status 503": 1}
    assert round(result.max_ms) == 10


def test_slower_means_strictly_slower() -> None:
    result = Result([answered(0, 50), answered(0, 125), answered(0, 250), Record(0, 0, 5, "timeout")])
    assert (result.slower_than(125), result.slower_than(124.9), result.slower_than(250)) == (1, 2, 0)


def test_a_replica_is_counted_for_what_it_answered() -> None:
    result = Result(
        [answered(0, 1, "products-1"), answered(0, 1, "products-2"), answered(0, 1, "products-1"), answered(0, 1, "")]
    )
    assert result.by_replica == {"products-1": 2, "products-2": 1}


def test_a_phase_owns_the_requests_that_were_due_in_it() -> None:
    # The second was due in the phase and ended long after it.
    result = Result([answered(99.9, 1), answered(100, 5000), answered(101.9, 1), answered(102, 1)])
    phase = result.between(100, 102)
    assert (phase.sent, round(phase.max_ms)) == (2, 5000)


def test_each_second_has_a_row() -> None:
    records = [answered(10.1, 5, "a"), answered(10.9, 7, "b"), Record(11.5, 0, 1, "timeout", "c"), answered(13, 1, "")]
    rows = Result(records, started_s=10).per_second
    assert [(row.at_s, row.sent, row.answered, row.failed, round(row.slowest_ms)) for row in rows] == [
        (0, 2, 2, 0, 7),
        (1, 1, 0, 1, 0),
        (3, 1, 1, 0, 1),
    ]
    assert [row.replicas for row in rows] == [["a", "b"], [], []]


def test_the_generators_own_lag_is_told() -> None:
    result = Result(answered(0, 100, lag_ms=ms) for ms in range(1, 101))
    assert (round(result.lag_p99_ms), round(result.lag_max_ms)) == (99, 100)


def test_a_load_without_requests_has_figures_too() -> None:
    result = Result([])
    assert (result.sent, result.failed, result.p99_ms, result.lag_max_ms, result.per_second) == (0, 0, 0, 0, [])


def test_records_come_back_as_they_were_put_in() -> None:
    records = Records()
    put_in = [
        Record(1000.5, 0.25, 0.5, "", "products-1"),
        Record(1001.5, 0.25, 0.5, "timeout"),
        Record(1002.5, 0, 0, "", "products-1"),
    ]
    for each in put_in:
        records.append(each)
    assert list(records.since(0)) == put_in
    assert list(records.since(2)) == put_in[2:]
    assert list(records.since(3)) == []


def test_a_record_keeps_microseconds_after_a_year_of_uptime() -> None:
    records = Records()
    due_s = 365 * 86400 + 1e-6
    records.append(Record(due_s, 1e-5, 1.000001))
    back = next(records.since(0))
    assert back.due_s == due_s
    assert math.isclose(back.latency_s, 1.000001, abs_tol=1e-6)
