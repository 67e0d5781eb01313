"""The sample report: small, made of results, and the same whenever it is made of the same."""

import re
from pathlib import Path

from PIL import Image

from lab.report.collection import collect
from lab.report.commands import DATA, SAMPLE
from lab.report.headline import headline
from lab.report.page import page
from lab.report.sample import sample_page, slimmed, write_sample
from tests.lab.report.results import down, found, matrix, replicas, run, side, write

KIB = 1024


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_results_make_the_same_sample_and_leave_nothing_of_an_older_one(tmp_path: Path) -> None:
    source = write(tmp_path / "run", matrix(), found("slow_products", side("patterns on", run())))
    (tmp_path / "one/data").mkdir(parents=True)
    (tmp_path / "one/data/old.json.gz").write_bytes(b"")
    write_sample(source, tmp_path / "one")
    write_sample(source, tmp_path / "two")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert list(files_of(tmp_path / "one")) == [
        "README.md",
        "data/redundancy_matrix.json.gz",
        "data/slow_products.json.gz",
        "pictures/redundancy_matrix.matrix.png",
        "pictures/slow_products.patterns-on.png",
    ]


def test_what_is_kept_makes_the_same_page_and_the_same_headline(tmp_path: Path) -> None:
    looks = [replicas(at_s / 2, products_1="ready" if at_s < 8 else "stopped") for at_s in range(16)]
    result = found("slow_products", side("patterns on", down(3, 30), down(5, 50, states=looks), down(9, 90)))
    source = write(tmp_path / "run", result, matrix())
    kept = write_sample(source, tmp_path / "sample")
    drawn = re.compile(r"<svg.*?</svg>", re.DOTALL)
    assert drawn.findall(page(kept)) == drawn.findall(page(collect(source)))
    assert headline(kept) == headline(collect(source))


def test_only_what_is_drawn_is_kept() -> None:
    result = found("mine", side("on", down(3, 30), down(5, 50), down(9, 90)))
    first, middle, last = slimmed(result).sides[0].runs
    assert [bool(each.seconds) for each in (first, middle, last)] == [False, True, False]
    assert first.measures == result.sides[0].runs[0].measures
    assert slimmed(slimmed(result)) == slimmed(result)


def test_the_sample_in_the_repository_is_made_of_its_own_data() -> None:
    kept = collect(DATA)
    assert (SAMPLE / "README.md").read_text() == sample_page(kept), "write it anew: python -m lab sample"
    shown = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (SAMPLE / "README.md").read_text())
    assert shown
    assert {SAMPLE / path for path in shown} == set((SAMPLE / "pictures").iterdir())


def test_the_sample_in_the_repository_is_small_and_its_pictures_can_be_seen() -> None:
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1024 * KIB
    for path in (SAMPLE / "pictures").iterdir():
        assert path.stat().st_size < 150 * KIB
        with Image.open(path) as picture:
            picture.load()
