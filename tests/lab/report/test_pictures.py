"""The pictures: they decode, differ, and show what the data says."""

from pathlib import Path

import pytest
from PIL import Image, ImageColor

from lab.findings import FaultDone, Found
from lab.report.drawings import overview, slug, timelines, write_pictures
from lab.report.palette import HATCHES, LIGHT, Ink
from lab.report.picture import write_png
from lab.report.strips import fault_rows, told
from lab.report.timeline import timeline
from tests.lab.report.results import HOSTILE, down, found, matrix, run, second, side


def two_sides() -> Found:
    broken = [second(at_s) if at_s < 3 else second(at_s, fresh=2, failed=8) for at_s in range(9)]
    stale = [second(at_s) if at_s < 3 else second(at_s, fresh=2, degraded=8) for at_s in range(9)]
    return found("mine", side("off", down(6, 48, seconds=broken)), side("on", run(seconds=stale)))


def test_every_side_and_every_matrix_has_a_picture_of_its_own(tmp_path: Path) -> None:
    paths = write_pictures(two_sides(), tmp_path)
    assert [path.name for path in paths] == ["mine.off.png", "mine.on.png"]
    contents = set()
    for path in paths:
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert picture.width == 1500
            contents.add(picture.convert("RGB").tobytes())
    assert len(contents) == 2
    assert overview(two_sides()) is None


def test_a_matrix_and_a_curve_are_drawn(tmp_path: Path) -> None:
    points = [side(f"2, {x}", down(5 - x, 50), row="2", column=f"after {x}", x=x) for x in (0, 3)]
    lines = found("vulnerability_window", *points)
    for result, name in ((matrix(), "redundancy_matrix.matrix.png"), (lines, "vulnerability_window.curve.png")):
        first, *rest = write_pictures(result, tmp_path)
        assert first.name == name
        assert len(rest) == len(result.sides)
        with Image.open(first) as picture:
            picture.load()


def test_a_colour_that_means_something_is_exact_in_the_file_however_little_there_is_of_it(tmp_path: Path) -> None:
    _, path = write_pictures(two_sides(), tmp_path)
    with Image.open(path) as picture:
        there = {colour: count for count, colour in picture.convert("RGB").getcolors() or []}
        whole = picture.width * picture.height
    assert there[ImageColor.getrgb(LIGHT[Ink.CARD])] > whole / 3
    assert there[ImageColor.getrgb(LIGHT[Ink.WELL])] > whole / 10
    # Some are in the legend alone.
    for ink in (Ink.WELL, Ink.SECOND_BEST, Ink.REFUSED, Ink.BROKEN, Ink.TYPICAL, Ink.TEXT):
        assert ImageColor.getrgb(LIGHT[ink]) in there


def points(file: Path, colour: str) -> int:
    """How many points of the picture have exactly this colour."""
    with Image.open(file) as picture:
        counts = {each: count for count, each in picture.convert("RGB").getcolors() or []}
    return counts.get(ImageColor.getrgb(colour), 0)


@pytest.mark.parametrize(
    ("ink", "outcome"), [(Ink.SECOND_BEST, "degraded"), (Ink.REFUSED, "rejected"), (Ink.BROKEN, "failed")]
)
def test_an_outcome_is_drawn_as_large_as_it_is(tmp_path: Path, ink: Ink, outcome: str) -> None:
    def drawn(count: int) -> int:
        seconds = [second(at_s, 10 - count, **{outcome: count}) for at_s in range(9)]
        seen = run(faults=[], states=[], seconds=seconds)
        write_png(tmp_path / "drawn.png", lambda palette: timeline(seen, palette))
        return points(tmp_path / "drawn.png", LIGHT[ink])

    legend, few, many = drawn(0), drawn(3), drawn(6)
    # The pattern over it takes some of the points.
    assert many - legend == pytest.approx(2 * (few - legend), rel=0.1)
    assert few > 2 * legend


def test_states_that_look_alike_in_grey_have_patterns() -> None:
    patterned = [ink for ink in (Ink.SECOND_BEST, Ink.REFUSED, Ink.BROKEN, Ink.FROZEN) if HATCHES[ink]]
    assert len({HATCHES[ink][0] for ink in patterned}) == 4


def test_faults_at_the_same_time_stand_below_each_other() -> None:
    first = FaultDone(kind="kill", targets=["products-1"], what="SIGKILL", from_s=1, to_s=3)
    second_one = FaultDone(kind="latency", targets=["orders"], what="delay_ms 3000", from_s=2, to_s=4)
    third = FaultDone(kind="kill", targets=["products-2"], what="SIGKILL", from_s=3, to_s=5)
    rows = fault_rows([third, second_one, first])
    assert [[(each.from_s, each.to_s) for each in row] for row in rows] == [[(1, 3), (3, 5)], [(2, 4)]]
    assert rows[1][0].state == "latency: orders (delay_ms 3000)"


def test_a_fault_says_whom_it_struck() -> None:
    def of(*targets: str) -> str:
        return told(FaultDone(kind="pause", targets=targets, what="", from_s=0, to_s=1))

    assert of("products-1", "products-3", "gateway-1") == "pause: products-1, 3, gateway-1"
    assert of("postgres") == "pause: postgres"


def test_names_are_fit_for_files_and_never_the_same() -> None:
    assert slug(HOSTILE).replace("-", "").isalnum()
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("???") == "unnamed"
    alike = found("mine", side("2 replicas!", run()), side("2 replicas?", run()))
    assert [drawing.name for drawing in timelines(alike).values()] == ["mine.2-replicas", "mine.2-replicas.2"]


def test_nothing_to_see_can_be_drawn_too(tmp_path: Path) -> None:
    empty = run(phases=[], faults=[], seconds=[], seconds_by_service={}, states=[], patterns=[])
    [path] = write_pictures(found("empty", side("on", empty)), tmp_path)
    assert path.stat().st_size > 0
