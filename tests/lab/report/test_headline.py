"""The headline table: every figure in it comes from a result, and the README has that of the sample."""

from pathlib import Path

import pytest

from lab.findings import Found, Verdict
from lab.measure_names import check
from lab.reading import find, read
from lab.report.collection import collect
from lab.report.commands import DATA, README
from lab.report.headline import BEGIN, CONTRASTS, END, Contrast, headline, write_headline
from tests.lab.report.results import collection, found, matrix, run, side


def slow_products() -> Found:
    shares = {"patterns off": (0.465, 0.4, 0.5), "patterns on": (1.0, 1.0, 1.0)}
    sides = [
        side(name, *(run(measures={"during.customers.answered_share": value}) for value in values))
        for name, values in shares.items()
    ]
    return found("slow_products", *sides, title="Slow dependency")


def test_a_contrast_has_both_sides_with_median_and_range() -> None:
    lines = headline(collection(slow_products())).splitlines()
    assert lines[0] == "| what breaks | measured | without | with |"
    assert lines[2:] == [
        "| Slow dependency | answered (customers, during the faults) "
        "| patterns off: **46.50 %** (40.00 % to 50.00 %) | patterns on: **100 %** |"
    ]


def test_a_side_alone_stands_where_the_good_ones_stand() -> None:
    alone = found("kill_two", side("three replicas", run()))
    assert headline(collection(alone)).splitlines()[-1] == "| Kill two | failed |  | three replicas: **0 of 90** |"


def test_the_matrix_is_at_full_size_with_the_reference_beside_it() -> None:
    lines = headline(collection(matrix())).splitlines()
    assert lines[0] == "| seconds of downtime | 2 replicas | 3 replicas |"
    assert lines[2] == "| two at once | 35 s (30 to 35) (reference: 35 s) | 0 s, deviated |"
    assert lines[3] == "| one by one | 0 s (reference: 0 s) | 0 s (reference: 0 s) |"
    assert lines[4] == "| all at once |  | 40 s (reference: 35 s) |"
    text = " ".join(lines)
    assert "two different faults" in text
    assert "replaced after 28 s, a time chosen so that 2 replicas two at once meets the reference's 35 s" in text
    assert (
        "Median of 3 runs, and the range where they differ, 5 times faster, shown at full size and so in steps of 5 s."
        in text
    )


def test_what_did_not_hold_is_said_to() -> None:
    bad = found("kill_two", side("three replicas", run(Verdict.ABORTED)))
    assert "**0 of 90**, aborted" in headline(collection(bad))


@pytest.mark.parametrize("contrast", CONTRASTS, ids=lambda contrast: contrast.experiment)
def test_a_contrast_is_of_sides_that_there_are(contrast: Contrast) -> None:
    sides = {each.name for each in read(find(contrast.experiment)).all_sides()}
    assert contrast.side in sides
    assert contrast.better in {*sides, ""}
    assert check(contrast.measure)


def test_it_is_written_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    results = collection(slow_products())
    for _ in range(2):
        write_headline(readme, results)
        assert readme.read_text() == f"before\n{BEGIN}\n{headline(results)}\n{END}\nafter\n"


def test_the_readme_has_the_figures_of_the_sample() -> None:
    table = README.read_text().split(BEGIN)[1].split(END)[0].strip()
    assert table == headline(collect(DATA)), "write it anew: python -m lab headline"
