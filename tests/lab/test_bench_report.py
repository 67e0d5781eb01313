"""The arithmetic of `make bench`, and its table."""

from dataclasses import replace

from rich.console import Console

from lab.bench_report import Latency, Report, Spread, Throughput, table

REPORT = Report(
    first_answer_new_s=7.0,
    first_answer_again_s=4.0,
    memory_mib=480.0,
    throughput=Throughput(8, Spread(1500, 1400, 1600), Spread(1000, 900, 1100), Spread(1.5, 1.4, 1.6)),
    latency=[
        Latency(10_000, Spread(0.5, 0.5, 0.5), Spread(1.0, 1.0, 1.0)),
        Latency(100_000, Spread(1.0, 1.0, 1.0), Spread(2.0, 2.0, 2.0)),
        Latency(1_000_000, Spread(1.4, 1.2, 1.6), Spread(3.0, 2.8, 3.4)),
    ],
)


def lines(report: Report) -> list[str]:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table(report))
    return capture.get().splitlines()


def test_a_spread_is_the_median_and_the_range() -> None:
    assert Spread.of([3, 1, 7, 2, 5]) == Spread(median=3, lowest=1, highest=7)


def test_the_range_of_a_ratio_is_as_wide_as_both_measurements_allow() -> None:
    assert Spread(6, 4, 8).over(Spread(2, 1, 4)) == Spread(median=3, lowest=1, highest=8)


def test_the_growth_is_from_100_000_to_1_000_000_products() -> None:
    shown = lines(REPORT)
    assert any("selective, 1,000,000 / 100,000" in line and "1.4 (1.2-1.6)" in line for line in shown)
    assert any("broad, 1,000,000 / 100,000" in line and "1.5 (1.4-1.7)" in line for line in shown)


def test_the_ratio_of_the_apps_is_that_of_the_rounds() -> None:
    other = replace(REPORT, throughput=replace(REPORT.throughput, ratio=Spread(1.23, 1.2, 1.25)))
    assert any("ratio of the two" in line and "1.23 (1.20-1.25)" in line for line in lines(other))


def test_every_goal_of_the_design_is_beside_its_figure() -> None:
    shown = "\n".join(lines(REPORT))
    assert all(goal in shown for goal in (">= 1.0", "<= 1.5", "<= 2.0", "< 15 s", "< 600 MiB"))
