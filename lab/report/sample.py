"""The sample report in docs/: results kept small, some pictures, and a page that explains them.

`docs/sample-report/data` can be read as any folder of results: `python -m lab report` makes a report of it.
"""

import gzip
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from lab.findings import Found, Run
from lab.report import tables, words
from lab.report.collection import Collection, collect
from lab.report.comparison import compare
from lab.report.drawings import Drawing, overview, timelines
from lab.report.headline import headline
from lab.report.picture import Draw, write_png
from lab.report.series import typical

DATA, PICTURES = "data", "pictures"
_PNG_DPI = 120

SHOWN: Sequence[tuple[str, str]] = (
    ("slow_products", "patterns off"),
    ("slow_products", "patterns on"),
    ("shared_pool", "shared pool of 100"),
    ("shared_pool", "bulkheads"),
    ("dead_customers", "patterns on"),
    ("all_replicas_dead", "fallback on"),
    ("kill_two", "three replicas"),
)
"""The timelines of the page; every matrix and curve is in it too."""

_HEAD = """# A sample report

`make lab-all` writes a report like this into `.afloat/reports/latest`: one page, `report.html`, that needs nothing
else, its pictures as PNG, and all data as JSON. These are the figures and some of the pictures of one day. Their JSON
is in [data/](data/), and `python -m lab report docs/sample-report/data --into .afloat/sample` makes the whole page of
it. This file is made by `python -m lab sample FOLDER`.
"""
_HOW_TO_READ = """## How to read a timeline

- At the top the faults: what was done to whom, for how long. While one is on, everything below is shaded.
- Then what became of the requests that fell due in each second. They come at a constant rate, whatever became of those
  before. Green was answered; orange, striped, was answered with something stale or without a part; pink, upright
  lines, was turned away at once by an open breaker or a full bulkhead; red, crossed, failed.
- Where several services are asked, a narrow band for each: the share of its requests that ended in each way.
- The latency of the answered, from when they were due, on a logarithmic axis: the median, and the 99th percentile.
- The state of replicas and of the gateway's circuit breakers.
"""


def write_sample(source: Path, folder: Path) -> Collection:
    """Everything anew, from a folder of results; what it returns is what was kept."""
    collection = collect(source)
    for part in (DATA, PICTURES):
        shutil.rmtree(folder / part, ignore_errors=True)
        (folder / part).mkdir(parents=True)
    for found in collection.found:
        text = slimmed(found).model_dump_json() + "\n"
        # Without a time in it, the same data is the same file.
        (folder / DATA / f"{found.name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    kept = collect(folder / DATA)
    (folder / "README.md").write_text(sample_page(kept))
    for name, draw in _pictures(kept).items():
        write_png(folder / PICTURES / f"{name}.png", draw, dpi=_PNG_DPI)
    return kept


def sample_page(collection: Collection) -> str:
    """The page as Markdown."""
    sentences = [words.wrapped(each) for each in compare(collection).sentences]
    parts = [
        _HEAD,
        _how(collection),
        "## In short",
        words.wrapped(words.suite_sentence(collection)),
        headline(collection),
    ]
    parts += ["## Beside the reference", *sentences, _HOW_TO_READ, *map(_experiment, collection.found)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def slimmed(found: Found) -> Found:
    """The same figures; seconds, journal and states only of the runs that are drawn, of the states the changes."""
    sides = []
    for side in found.sides:
        drawn = typical(side) if side.runs else -1
        runs = [_thinned(run) if number == drawn else _emptied(run) for number, run in enumerate(side.runs)]
        sides.append(side.model_copy(update={"runs": runs}))
    return found.model_copy(update={"sides": sides})


class _Look(Protocol):
    at_s: float

    def model_dump(self, *, exclude: set[str]) -> object: ...


L = TypeVar("L", bound=_Look)


def _thinned(run: Run) -> Run:
    return run.model_copy(update={"states": _changes(run.states), "patterns": _changes(run.patterns)})


def _emptied(run: Run) -> Run:
    nothing: dict[str, object] = {"seconds": [], "seconds_by_service": {}, "states": [], "patterns": [], "journal": []}
    return run.model_copy(update=nothing)


def _changes(looks: Sequence[L]) -> list[L]:
    """Without looks that saw what the one before had seen."""
    kept: list[L] = []
    for look in looks:
        if not kept or look.model_dump(exclude={"at_s"}) != kept[-1].model_dump(exclude={"at_s"}):
            kept.append(look)
    return kept


def _how(collection: Collection) -> str:
    """On what it was measured."""
    first = collection.found[0].environment
    runtimes = sorted({str(each.environment.get("runtime")) for each in collection.found})
    days = sorted({each.started_at[:10] for each in collection.found})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    sentence = (
        f"Measured on {first.get('cpus')} processors that everything shared, the load too ({first.get('system')}, "
        f"Python {first.get('python')}, runtime {', '.join(runtimes)}), {when}."
    )
    return words.wrapped(f"{sentence} {words.missing_sentence(collection)}")


def _experiment(found: Found) -> str:
    pictures = [f"![{label}]({PICTURES}/{name}.png)" for name, label in _labels(found).items()]
    sentence = f"**{found.sentence}** {words.pace(found)}"
    table = "\n".join(closing_table(found))
    return "\n\n".join(
        [f"## {found.title}", words.wrapped(f"*{found.hypothesis}*"), words.wrapped(sentence), table, *pictures]
    )


def closing_table(found: Found) -> list[str]:
    """Medians, with the range where runs differ: sides as columns, or where there are many as rows."""

    def shown(name: str) -> list[str]:
        figures = [tables.figure(side, name) for side in found.sides]
        return [f"{each.value} ({each.range})" if each.range else each.value for each in figures]

    verdicts = [side.verdict.value for side in found.sides]
    sides = [side.name for side in found.sides]
    columns = [["", *sides], *([words.phrase(name), *shown(name)] for name in found.show), ["verdict", *verdicts]]
    rows = columns if tables.beside_each_other(found) else [list(row) for row in zip(*columns, strict=True)]
    marks = "|".join(["---", *["---:"] * (len(rows[0]) - 1)])
    return [_row(rows[0]), f"|{marks}|", *(_row(row) for row in rows[1:])]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _drawings(found: Found) -> list[Drawing]:
    whole = overview(found)
    of_sides = timelines(found)
    return [
        *([whole] if whole else []),
        *(of_sides[side] for name, side in SHOWN if name == found.name and side in of_sides),
    ]


def _labels(found: Found) -> dict[str, str]:
    return {drawing.name: drawing.label for drawing in _drawings(found)}


def _pictures(collection: Collection) -> dict[str, Draw]:
    return {drawing.name: drawing.draw_titled for found in collection.found for drawing in _drawings(found)}
