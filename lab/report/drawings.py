"""Which pictures a result has: a timeline for each side, and the matrix or the curve where its sides are a grid."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.findings import Found, SideFound
from lab.report.curve import curve
from lab.report.grid import grid, is_curve, replacement_s
from lab.report.matrix import matrix
from lab.report.picture import Draw, write_png
from lab.report.series import typical
from lab.report.timeline import timeline
from lab.report.words import value


@dataclass(frozen=True)
class Drawing:
    """`name` is unique in a result, and fit for a file and an id; `label` says what it shows to who cannot see it."""

    name: str
    label: str
    draw: Draw
    draw_titled: Draw
    caption: str = ""


def overview(found: Found) -> Drawing | None:
    """The matrix, or the curve where its schedules lie on an axis."""
    shape = grid(found)
    if shape is None:
        return None
    if is_curve(shape):
        time_s = replacement_s(found)
        return Drawing(
            f"{slug(found.name)}.curve",
            f"{found.title}: seconds of downtime by the seconds between two failures, a line for each stack",
            lambda palette: curve(shape, palette, time_s),
            lambda palette: curve(shape, palette, time_s, found.title),
            "Seconds at full size. The points were measured; the lines only join them.",
        )
    return Drawing(
        f"{slug(found.name)}.matrix",
        f"{found.title}: downtime of every stack under every schedule",
        lambda palette: matrix(shape, palette),
        lambda palette: matrix(shape, palette, found.title),
    )


def timelines(found: Found) -> dict[str, Drawing]:
    """By the name of the side."""
    drawings: dict[str, Drawing] = {}
    taken: set[str] = set()
    for number, side in enumerate(found.sides, 1):
        if not side.runs:
            continue
        name = f"{slug(found.name)}.{slug(side.name)}"
        name = f"{name}.{number}" if name in taken else name
        taken.add(name)
        drawings[side.name] = _timeline(found, side, name)
    return drawings


def write_pictures(found: Found, folder: Path) -> list[Path]:
    """All of them as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    whole = overview(found)
    paths = []
    for drawing in (*([whole] if whole else []), *timelines(found).values()):
        path = folder / f"{drawing.name}.png"
        write_png(path, drawing.draw_titled)
        paths.append(path)
    return paths


def slug(name: str) -> str:
    """Lower case letters, digits and dashes."""
    return "-".join(_words(name)) or "unnamed"


def _words(name: str) -> Iterator[str]:
    kept = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter == "_") else " " for letter in name.lower()
    )
    yield from kept.split()


def _timeline(found: Found, side: SideFound, name: str) -> Drawing:
    index = typical(side)
    run = side.runs[index]
    caption = "" if len(side.runs) == 1 else f"Run {index + 1} of {len(side.runs)}, the one nearest to the medians."
    felt = (
        f"{value('failed', side.summary.get('failed'))} of {value('sent', side.summary.get('sent'))} requests failed, "
        f"{value('downtime_s', side.summary.get('downtime_s'))} of downtime"
    )
    return Drawing(
        name,
        f"Timeline of {side.name}: {felt}",
        lambda palette: timeline(run, palette, time_scale=found.time_scale),
        lambda palette: timeline(run, palette, time_scale=found.time_scale, title=f"{found.title}: {side.name}"),
        caption,
    )
