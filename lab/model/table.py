"""What the model prints, once as data: for a terminal, as Markdown for a page, and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any

from rich import table as rich_table
from rich.text import Text


@dataclass(frozen=True)
class Column:
    """The rows' `key` under its heading; numbers as the format says."""

    key: str
    heading: str
    form: str = ""


@dataclass(frozen=True)
class Table:
    """`name` is what the command calls it. In a row None is nothing to show. `note` says what to read it with."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    note: str = ""

    def texts(self) -> list[list[str]]:
        """The cells as they are shown."""
        return [[_shown(row[column.key], column.form) for column in self.columns] for row in self.rows]

    def markdown(self) -> str:
        rule = ["---:" if self._is_numeric(column) else "---" for column in self.columns]
        lines = [[column.heading for column in self.columns], rule, *self.texts()]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def rich(self) -> rich_table.Table:
        """For a terminal, with the note below."""
        shown = rich_table.Table(
            title=f"\n{self.name}: {self.title}",
            title_justify="left",
            caption=self.note or None,
            caption_justify="left",
        )
        for column in self.columns:
            shown.add_column(column.heading, justify="right" if self._is_numeric(column) else "left", overflow="fold")
        for line in self.texts():
            shown.add_row(*map(Text, line))
        return shown

    def to_json(self) -> dict[str, Any]:
        rows = [{key: asdict(value) if _is_record(value) else value for key, value in row.items()} for row in self.rows]
        return {"title": self.title, "note": self.note, "rows": rows}

    def _is_numeric(self, column: Column) -> bool:
        return bool(column.form) or all(isinstance(row[column.key], int | float) for row in self.rows)


def _shown(value: Any, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, form)


def _is_record(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)
