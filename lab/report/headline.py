"""The headline as Markdown: the matrix beside the reference, and a figure of each experiment without and with."""

from pathlib import Path
from typing import NamedTuple

from lab.findings import Found, SideFound
from lab.report.collection import Collection
from lab.report.grid import Cell, full_size, grid, replacement_s, seconds
from lab.report.reference import CELLS, MATRIX
from lab.report.words import phrase, range_of, value, wrapped

BEGIN, END = "<!-- headline: made by `python -m lab headline` -->", "<!-- end of headline -->"


class Contrast(NamedTuple):
    """A measure of two sides of an experiment; without a second side one that must be good by itself."""

    experiment: str
    measure: str
    side: str
    better: str = ""


CONTRASTS = (
    Contrast("slow_products", "during.customers.answered_share", "patterns off", "patterns on"),
    Contrast("shared_pool", "during.customers.answered_share", "shared pool of 100", "bulkheads"),
    Contrast("dead_customers", "during.customers.answered_share", "patterns off", "patterns on"),
    Contrast("hung_orders", "in_flight.gateway.during_max", "timeouts off", "timeouts on"),
    Contrast("retry_storm", "calls.customers.per_request", "naive retries", "retry budget"),
    Contrast("grey_failure", "during.products.answered_share", "patterns off", "patterns on"),
    Contrast("database_outage", "during.answered_share", "patterns off", "patterns on"),
    Contrast("all_replicas_dead", "during.products.answered_share", "fallback off", "fallback on"),
    Contrast("rolling_deployment", "failed", "minimum 0 %", "minimum 66 %"),
    Contrast("gateway_killed", "failed", "one gateway", "two gateways"),
    Contrast("kill_two", "failed", "three replicas"),
    Contrast("freeze_one", "failed", "three replicas"),
    Contrast("memory_leak", "failed", "three replicas"),
)


def headline(collection: Collection) -> str:
    """Both tables, with whatever of them was run."""
    parts = [part for part in (_matrix(collection), _contrasts(collection)) if part]
    return "\n\n".join(parts)


def write_headline(readme: Path, collection: Collection) -> None:
    """Between the marks of a file."""
    before, rest = readme.read_text().split(BEGIN)
    readme.write_text(f"{before}{BEGIN}\n{headline(collection)}\n{END}{rest.split(END)[1]}")


def _matrix(collection: Collection) -> str:
    found = collection.get(MATRIX)
    shape = grid(found) if found else None
    if found is None or shape is None:
        return ""
    lines = [f"| seconds of downtime | {' | '.join(shape.stacks)} |", f"|---|{'---:|' * len(shape.stacks)}"]
    for schedule, cells in zip(shape.schedules, shape.cells, strict=True):
        lines.append(f"| {schedule} | {' | '.join(_cell(cell) for cell in cells)} |")
    return "\n".join([*lines, "", _below_the_matrix(found)])


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    wrong = "" if cell.held else f", {cell.side.verdict.value}"
    beside = f" (reference: {cell.reference.downtime_s:g} s)" if cell.reference else ""
    return f"{seconds(cell.downtime_s)}{wrong}{beside}"


def _below_the_matrix(found: Found) -> str:
    time_s = replacement_s(found)
    [chosen] = (cell for cell in CELLS if cell.chosen_for)
    first, second = (cell for cell in CELLS if cell.headline)
    runs = len(found.sides[0].runs)
    scale = f"{found.time_scale:g}"
    sentences = [
        "One run" if runs == 1 else f"Median of {runs} runs, and the range where they differ",
        "." if found.time_scale == 1 else f", {scale} times faster, shown at full size and so in steps of {scale} s.",
        f" The reference's headline is two of these cells, {first.stack} {first.schedule} and {second.stack} ",
        f"{second.schedule}: two different faults.",
    ]
    if time_s is not None:
        sentences += [
            f" A dead replica is replaced after {time_s:g} s, a time chosen so that {chosen.stack} {chosen.schedule} ",
            f"meets the reference's {chosen.downtime_s:g} s: that this cell agrees is no result.",
        ]
    return wrapped(f"({''.join(sentences)})")


def _contrasts(collection: Collection) -> str:
    rows = [row for contrast in CONTRASTS if (row := _contrast(collection, contrast))]
    if not rows:
        return ""
    return "\n".join(["| what breaks | measured | without | with |", "|---|---|---:|---:|", *rows])


def _contrast(collection: Collection, contrast: Contrast) -> str:
    found = collection.get(contrast.experiment)
    sides = {side.name: side for side in found.sides} if found else {}
    if found is None or contrast.side not in sides:
        return ""
    first = _figure(sides[contrast.side], contrast.measure, found)
    second = _figure(sides[contrast.better], contrast.measure, found) if contrast.better in sides else ""
    if not contrast.better:
        first, second = "", first
    return f"| {found.title} | {phrase(contrast.measure)} | {first} | {second} |"


def _figure(side: SideFound, measure: str, found: Found) -> str:
    """`patterns off: 46 % (40 % to 50 %)`; of requests that failed also how many were sent; seconds at full size."""
    spread = side.summary.get(measure)
    if spread is not None and measure == "downtime_s":
        spread = full_size(spread, found.time_scale)
    between = range_of(measure, spread)
    of = f" of {value('sent', side.summary.get('sent'))}" if measure == "failed" else ""
    verdict = "" if side.verdict.value == "held" else f", {side.verdict.value}"
    return f"{side.name}: **{value(measure, spread)}{of}**{f' ({between})' if between else ''}{verdict}"
