"""What the model prints, as data: for a terminal, for a page and as JSON."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import table as rich_table
from rich.text import Text

from lab.model.estimates import Estimate


@dataclass(frozen=True)
class Column:
    """The values of the rows' `key` under a heading, formatted by `show`."""

    key: str
    heading: str
    show: Callable[[Any], str] = str


@dataclass(frozen=True)
class Table:
    """`name` is the section's name in the command. A value of None is an empty cell. `note` explains the figures."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    note: str = ""

    def texts(self) -> list[list[str]]:
        """The cells as they are printed."""
        return [
            ["" if row[column.key] is None else column.show(row[column.key]) for column in self.columns]
            for row in self.rows
        ]

    def rich(self) -> rich_table.Table:
        title, caption = f"\n{self.name}: {self.title}", self.note or None
        table = rich_table.Table(title=title, title_justify="left", caption=caption, caption_justify="left")
        for column in self.columns:
            table.add_column(column.heading, justify="left" if self.is_text(column) else "right", overflow="fold")
        for line in self.texts():
            table.add_row(*map(Text, line))
        return table

    def is_text(self, column: Column) -> bool:
        return any(isinstance(row[column.key], str) for row in self.rows)


def rounded(value: float) -> str:
    """Two significant digits: most assumptions do not bear more."""
    if abs(value) < 0.001:
        return "< 0.001" if value else "0"
    value = float(f"{value:.1e}")
    decimals = max(0, 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{decimals}f}"


def estimated(value: Estimate) -> str:
    """The mean and its interval, rounded; without an interval that rounds to the mean."""
    mean, low, high = rounded(value.mean), rounded(max(0.0, value.low)), rounded(value.high)
    return mean if low == mean == high else f"{mean} ({low}-{high})"


def span(days: float) -> str:
    """A time in the unit that a reader would use."""
    for unit, length in (("years", 365.0), ("days", 1.0)):
        if days >= 2 * length:
            return f"{rounded(days / length)} {unit}"
    return f"{rounded(days * 24)} hours"
