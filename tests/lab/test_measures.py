"""Every measure from records whose answer is known."""

import random
from dataclasses import replace

import pytest

from lab import measures
from lab.record import Record
from tests.lab.records import failing, steady


def test_all_is_well_where_nothing_failed() -> None:
    found = measures.figures(steady(10), rate=10, slo=0.999)
    assert (found["sent"], found["answered"], found["failed"], found["answered_share"]) == (100, 100, 0, 1)
    assert (found["downtime_s"], found["worst_gap_s"], found["error_budget_spent"]) == (0, 0, 0)
    assert found["p50_ms"] == found["p999_ms"] == pytest.approx(5)


def test_a_second_counts_as_down_when_under_half_of_its_requests_were_answered() -> None:
    # 10 a second: 4 s down, then a second with 5 of 10, which is not under half.
    records = failing(steady(20), 3, 7.5)
    assert measures.downtime_s(records) == 4
    assert measures.downtime_s(failing(steady(20), 3, 7.6)) == 5


def test_the_seconds_of_downtime_are_those_in_which_requests_were_due_and_not_those_in_which_they_ended() -> None:
    late = [replace(each, latency_s=4.9) for each in steady(2)]
    assert measures.downtime_s(late) == 0
    timed_out = [replace(each, failure="timeout", latency_s=5) for each in steady(2)]
    assert measures.downtime_s(timed_out) == 2


def test_seconds_begin_with_the_first_request_wherever_the_clock_stands() -> None:
    records = failing(steady(10, start_s=1234.56), 1236.56, 1239.56)
    assert measures.downtime_s(records) == 3


def test_a_second_without_requests_is_neither_up_nor_down() -> None:
    records = [*steady(2), *steady(2, start_s=10)]
    assert measures.downtime_s(records) == 0
    assert sorted(measures.success_by_second(records)) == [0, 1, 10, 11]


def test_the_worst_gap_is_from_a_failure_to_the_next_answer() -> None:
    records = failing(failing(steady(20), 2, 3), 10, 14)
    random.Random(1).shuffle(records)
    assert measures.worst_gap_s(records) == pytest.approx(4)


def test_a_gap_that_never_ends_lasts_to_the_last_failure() -> None:
    assert measures.worst_gap_s(failing(steady(10), 6, 99)) == pytest.approx(3.9)
    assert measures.worst_gap_s([]) == 0


def test_percentiles_are_of_the_answered_alone() -> None:
    records = [Record(0, 0, ms / 1000) for ms in range(1, 1001)] + [Record(0, 0, 99, "timeout")] * 500
    found = measures.figures(records, rate=1, slo=0.999)
    assert [round(found[name] or 0) for name in ("p50_ms", "p95_ms", "p99_ms", "p999_ms", "max_ms")] == [
        500,
        950,
        990,
        999,
        1000,
    ]


def test_how_long_the_failed_took_to_fail_is_told_apart_and_not_of_those_never_sent() -> None:
    failed = [Record(0, 0, ms / 1000, "timeout") for ms in range(1, 1001)]
    found = measures.figures([*steady(10), *failed, *[Record(0, 0, 0, "dropped")] * 5000], rate=1, slo=0.999)
    assert [found["failed_p50_ms"], found["failed_p95_ms"]] == pytest.approx([500, 950])
    assert measures.figures(steady(10), rate=1, slo=0.999)["failed_p95_ms"] is None


def test_without_answers_there_are_no_percentiles_and_without_requests_no_shares() -> None:
    none_answered = measures.figures([Record(0, 0, 1, "timeout")], rate=1, slo=0.999)
    assert (none_answered["p99_ms"], none_answered["answered_share"]) == (None, 0)
    nothing = measures.figures([], rate=1, slo=0.999)
    assert (nothing["answered_share"], nothing["p99_ms"], nothing["sent"]) == (None, None, 0)


def test_degraded_is_answered_and_rejected_is_failed() -> None:
    records = [
        Record(0, 0, 0.001),
        Record(0, 0, 0.002, degraded=True),
        Record(0, 0, 0.003, "status 503 circuit_open"),
        Record(0, 0, 0.004, "status 503 bulkhead_full"),
        Record(0, 0, 0.9, "status 504 timeout"),
        Record(0, 0, 0, "dropped"),
    ]
    found = measures.figures(records, rate=1, slo=0.999)
    counts = [found[name] for name in ("answered", "degraded", "rejected", "failed", "dropped")]
    assert counts == [2, 1, 2, 4, 1]
    assert found["degraded_p95_ms"] == pytest.approx(2)
    assert found["rejected_p95_ms"] == pytest.approx(4)
    assert found["fresh_share"] == found["degraded_share"] == pytest.approx(1 / 6)


def test_the_error_budget_is_what_may_fail_in_thirty_days() -> None:
    # 100 a second are 259,200,000 in 30 days; 0.1 % of them may fail.
    assert measures.error_budget_spent(259_200, rate=100, slo=0.999) == pytest.approx(1)
    assert measures.error_budget_spent(3_500, rate=100, slo=0.999) == pytest.approx(0.0135, rel=0.01)


def test_retries_are_counted_per_request() -> None:
    records = [replace(each, retries=2) for each in steady(1)] + steady(1)
    assert measures.figures(records, rate=10, slo=0.999)["retries_per_request"] == 1


def test_figures_are_given_for_each_service_and_each_kind() -> None:
    records = steady(2, kind="search") + failing(steady(2, kind="gateway_search"), 0, 1) + steady(2, kind="customer")
    found = measures.by_group(records, rate=30, slo=0.999)
    assert set(found) == {"search", "gateway_search", "products", "customer", "customers"}
    assert (found["products"]["sent"], found["products"]["failed"]) == (40, 10)
    assert found["search"]["failed"] == found["customers"]["failed"] == 0


def test_the_budget_of_a_group_is_its_share_of_the_rate() -> None:
    records = failing(steady(1, kind="search"), 0, 9) + steady(1, kind="customer")
    found = measures.by_group(records, rate=20, slo=0.999)
    assert found["search"]["error_budget_spent"] == measures.error_budget_spent(10, 10, 0.999)


def test_recovered_is_the_end_of_the_last_second_with_a_failure() -> None:
    records = failing(failing(steady(30), 5, 6.2), 9.1, 9.2)
    assert measures.time_to_recover_s(records, fault_s=5) == 5
    assert measures.time_to_recover_s(steady(30), fault_s=5) == 0
    assert measures.time_to_recover_s(failing(steady(30), 1, 2), fault_s=5) == 0, "what failed before is not its doing"


@pytest.mark.parametrize(("until_s", "recovered_s"), [(28.8, 24), (29.2, None), (30, None)])
def test_who_still_fails_in_the_last_second_of_the_load_has_not_recovered(
    until_s: float, recovered_s: float | None
) -> None:
    assert measures.time_to_recover_s(failing(steady(30), 5, until_s), fault_s=5) == recovered_s


def test_the_first_sign_is_when_a_request_ended_on_which_a_pattern_acted() -> None:
    records = [
        Record(1, 0, 0.1, degraded=True),
        Record(10, 0, 3, "timeout"),
        Record(10.5, 0, 1, retries=1),
        Record(11.2, 0, 0.1, "status 503 circuit_open"),
    ]
    assert measures.first_sign_s(records, fault_s=10) == pytest.approx(11.3)
    assert measures.first_sign_s(records[:2], fault_s=10) is None


def test_whole_again_is_for_good_or_not_at_all() -> None:
    moments = [(1.0, True), (5.0, False), (6.0, True), (7.0, False), (9.0, True), (10.0, True)]
    assert measures.whole_again_s(moments, fault_s=4) == 5
    assert measures.whole_again_s(moments[:4], fault_s=4) is None
    assert measures.whole_again_s([(1, False), (5, True)], fault_s=4) == 1, "it still was not at the last look"
    assert measures.whole_again_s([(1, False), (3, True), (5, True)], fault_s=4) == 0


def test_a_window_lasts_from_each_look_at_which_it_was_open_to_the_next() -> None:
    assert measures.lasted_s([(0, False), (1, True), (3, True), (4.5, False), (6, True)]) == 3.5
    assert measures.lasted_s([]) == 0


def test_growth_is_the_slope() -> None:
    assert measures.growth_per_s([(at_s, 7 + 30 * at_s) for at_s in (0.0, 1.0, 2.5, 4.0)]) == pytest.approx(30)
    assert measures.growth_per_s([(0, 5), (1, 5), (2, 5)]) == 0
    assert measures.growth_per_s([(0, 5), (1, 9)]) is None


def test_counters_add_up_over_restarts_and_new_replicas() -> None:
    readings = [
        (0.0, {"a": 100.0, "b": 50.0}),
        (1.0, {"a": 110.0, "b": 55.0}),
        (2.0, {"a": 4.0, "b": 60.0}),  # a began anew
        (3.0, {"a": 9.0, "b": 65.0, "c": 2.0}),
    ]
    assert measures.counted(readings, 0, 3) == (10 + 5) + (4 + 5) + (5 + 5 + 2)
    assert measures.counted(readings, 1, 2) == 9
    assert [risen for _, _, risen in measures.rises(readings)] == [15, 9, 12]


def test_median_and_range_leave_out_what_was_not_measured() -> None:
    assert measures.median_and_range([3, None, 1, 2]) == (2, 1, 3)
    assert measures.median_and_range([1, 2]) == (1.5, 1, 2)
    assert measures.median_and_range([None]) is None
