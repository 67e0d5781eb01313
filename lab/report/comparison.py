"""Ours beside the reference: the cells that both have, what the whole matrix shows, and what it does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.findings import Found
from lab.report.collection import Collection
from lab.report.grid import Cell, Grid, grid, replacement_s, seconds
from lab.report.reference import CELLS, MATRIX, REPLACEMENT_S, WINDOW, Reference
from lab.report.words import listed

NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    what: str
    reference: str
    ours: str
    note: str


@dataclass(frozen=True)
class Comparison:
    rows: Sequence[Row]
    sentences: Sequence[str]


def compare(collection: Collection) -> Comparison:
    """With or without a result of ours: what is missing is said to be."""
    found = collection.get(MATRIX)
    shape = grid(found) if found else None
    rows = []
    for cell in CELLS:
        own = shape.get(cell.stack, cell.schedule) if shape else None
        rows.append(
            Row(
                what=cell.what,
                reference=f"{cell.downtime_s:g} s",
                ours=_ours(own) if own else NOT_RUN,
                note=" ".join(_notes(cell.headline, cell.chosen_for)),
            )
        )
    sentences = [_two_faults()]
    if found is None or shape is None:
        return Comparison(rows, [*sentences, f"The matrix was not run here: `make lab EXPERIMENT={MATRIX}` runs it."])
    return Comparison(rows, [*sentences, *_chosen(found, collection.get(WINDOW)), *_scaled(found), _shown(shape)])


def _ours(cell: Cell) -> str:
    """The seconds, and the verdict unless it is held."""
    return seconds(cell.downtime_s) + ("" if cell.held else f", {cell.side.verdict.value}")


def _notes(headline: bool, chosen_for: bool) -> list[str]:
    return [
        *(["The reference's headline."] if headline else []),
        *(["Our replacement time was chosen to meet it: no evidence."] if chosen_for else []),
    ]


def _two_faults() -> str:
    first, second = (cell for cell in CELLS if cell.headline)
    return (
        f"The reference's headline compares {first.downtime_s:g} s ({first.what}) with {second.downtime_s:g} s "
        f"({second.what}). Those are two different faults, so that it does not show what the third replica is worth: "
        "only every fault against every stack does. Its own report has two cells more, and they say as much."
    )


def _chosen(found: Found, window: Found | None) -> list[str]:
    time_s = replacement_s(found)
    [cell] = (cell for cell in CELLS if cell.chosen_for)
    if time_s is None:
        return []
    return [
        f"A dead replica is replaced after {time_s:g} s here (`replacement_s`). That value was chosen so that one "
        f"cell, {cell.stack} and {cell.schedule}, meets the reference's {cell.downtime_s:g} s. That this cell "
        f"agrees is therefore no result; the other cells are.{_as_long_as_theirs(window, cell) if window else ''}"
    ]


def _as_long_as_theirs(window: Found, cell: Reference) -> str:
    """What the same fault costs where a replacement takes as long as the reference says of its own."""
    shape, time_s = grid(window), replacement_s(window)
    if shape is None or time_s is None or 0 not in shape.xs:
        return ""
    at_once = shape.get(cell.stack, shape.schedules[shape.xs.index(0)])
    if at_once is None:
        return ""
    low_s, high_s = REPLACEMENT_S
    return (
        f" The reference reports {low_s} to {high_s} s for its own; after {time_s:g} s, that fault costs "
        f"{seconds(at_once.downtime_s)} here (`{WINDOW}`), not {cell.downtime_s:g} s."
    )


def _scaled(found: Found) -> list[str]:
    if found.time_scale == 1:
        return []
    scale = f"{found.time_scale:g}"
    return [
        f"The schedule ran {scale} times faster than it is written, and seconds are shown at full size: measured times "
        f"{scale}, so in steps of {scale} s. A replica's own start does not run faster, and counts {scale} times too."
    ]


def _shown(shape: Grid) -> str:
    """What was down when, stack by stack."""
    sentences = []
    for stack in shape.stacks:
        cells = [(schedule, shape.get(stack, schedule)) for schedule in shape.schedules]
        there = [(schedule, cell) for schedule, cell in cells if cell is not None and cell.downtime_s is not None]
        down = [schedule for schedule, cell in there if cell.downtime_s is not None and cell.downtime_s.high > 0]
        sentences.append(f"{stack}: down in {len(down)} of {len(there)}{f' ({listed(down)})' if down else ''}.")
    return " ".join(sentences)
