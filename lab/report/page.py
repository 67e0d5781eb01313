"""The page: one HTML file that needs nothing else, light or dark as its reader prefers, and fit to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lab.findings import Found
from lab.report import tables, words
from lab.report.collection import MODEL, Collection
from lab.report.comparison import compare
from lab.report.definitions import chapters
from lab.report.drawings import Drawing, overview, slug, timelines
from lab.report.environment import environment
from lab.report.palette import style_sheet
from lab.report.picture import svg
from lab.report.reference import MATRIX

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Shown:
    """A picture in the page."""

    svg: Markup
    caption: str


@dataclass(frozen=True)
class Section:
    """One experiment in the page."""

    id: str
    found: Found
    overview: Shown | None
    timelines: dict[str, Shown]

    @property
    def heads(self) -> Sequence[tables.Head]:
        return tables.heads(self.found)

    @property
    def folded(self) -> bool:
        """Whether its many timelines are shown only to who asks for them."""
        return not tables.beside_each_other(self.found)


def page(collection: Collection) -> str:
    """The whole page. What the files say is text in it and never markup."""
    templates = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {"at": _at, "duration": _duration, "code": _code}
    written = templates.get_template("page.html").render(
        collection=collection,
        verdict=words.suite_verdict(collection),
        sentence=words.suite_sentence(collection),
        missing=words.missing_sentence(collection),
        comparison=compare(collection),
        matrix_name=MATRIX,
        sections=[_section(found) for found in collection.found],
        environment=environment(collection),
        chapters=chapters(),
        model=MODEL,
        marks=words.MARKS,
        pace=words.pace,
        figure=tables.figure,
        expectations=tables.expectations,
        journal=tables.journal,
        # Both are of this package's own making.
        style=Markup(style_sheet() + (_FOLDER / "page.css").read_text()),
    )
    return written.lstrip()


def _section(found: Found) -> Section:
    whole = overview(found)
    return Section(
        id=slug(found.name),
        found=found,
        overview=_shown(whole) if whole else None,
        timelines={side: _shown(drawing) for side, drawing in timelines(found).items()},
    )


def _shown(drawing: Drawing) -> Shown:
    # An XML writer has escaped every text in it.
    return Shown(Markup(svg(drawing.draw, drawing.name.replace(".", "-"), drawing.label)), drawing.caption)


def _at(stamp: str) -> str:
    """A moment for people; what is none stays as it is."""
    try:
        return datetime.fromisoformat(stamp).strftime("%-d %B %Y, %H:%M UTC")
    except ValueError:
        return stamp


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _code(text: Any) -> Markup:
    """What stands between backticks is set as code; everything else is escaped."""
    parts = str(text).split("`")
    marked = [Markup("<code>{}</code>").format(part) if index % 2 else part for index, part in enumerate(parts)]
    return Markup("").join(marked)
