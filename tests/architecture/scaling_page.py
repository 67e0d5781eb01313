"""Writes the tables of docs/scaling.md: `python -m tests.architecture.scaling_page`."""

from pathlib import Path

from lab.model.assumptions import read_assumptions
from lab.model.benefit import benefit_table
from lab.model.matrix import matrix_table, read_measured
from lab.model.prices import read_prices
from lab.model.retries import retries_table
from lab.model.table import Table
from lab.model.windows import windows_table
from lab.model.zones import zones_table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/scaling.md"
MEASURED = "docs/sample-report/data"
"""The run that the sample report is made of."""


def quick_tables() -> list[Table]:
    """All tables but `benefit`, which takes a long simulation."""
    assumptions = read_assumptions()
    measured = matrix_table(read_measured(ROOT / MEASURED))
    return [measured, windows_table(assumptions), zones_table(assumptions, read_prices()), retries_table()]


def block(table: Table) -> str:
    """One table as it stands between its markers, with the command that prints it."""
    command = f"python -m lab.model {table.name}" + (f" --measured {MEASURED}" if table.name == "matrix" else "")
    return f"<!-- {table.name} -->\n{markdown(table)}\n\n`{command}`: {table.note}\n<!-- end of {table.name} -->"


def markdown(table: Table) -> str:
    rule = ["---" if table.is_text(column) else "---:" for column in table.columns]
    lines = [[column.heading for column in table.columns], rule, *table.texts()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def written(page: str, table: Table) -> str:
    """The page with this table replaced."""
    start, end = f"<!-- {table.name} -->", f"<!-- end of {table.name} -->"
    before, _, rest = page.partition(start)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"{PAGE} has no table between {start} and {end}")
    return before + block(table) + after


if __name__ == "__main__":
    text = PAGE.read_text()
    for made in [*quick_tables(), benefit_table(read_assumptions(), read_prices(), seed=1)]:
        text = written(text, made)
    PAGE.write_text(text)
