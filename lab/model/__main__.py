"""`python -m lab.model`: what redundancy costs and buys, and what changes with scale."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from lab.model.assumptions import FILE, BadAssumptions, read_assumptions
from lab.model.benefit import MONTHS, benefit_table
from lab.model.matrix import NAME, NotMeasured, matrix_table, read_measured
from lab.model.prices import FILE as PRICES
from lab.model.prices import BadPrices, read_prices
from lab.model.retries import retries_table
from lab.model.table import Table
from lab.model.windows import windows_table
from lab.model.zones import zones_table
from stack.settings import StackSettings

SECTIONS = ("matrix", "benefit", "windows", "zones", "retries")
_WIDTH = 190  # of an output that is not a terminal

cli = typer.Typer(add_completion=False, help="What redundancy costs and buys, and what changes with scale.")


@cli.command()
def model(
    sections: Annotated[list[str] | None, typer.Argument(help=f"{', '.join(SECTIONS)}; all by default.")] = None,
    measured: Annotated[Path | None, typer.Option(help="Folder of a redundancy_matrix.json; else the latest.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures, not rounded, here.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Draw pictures (SVG) into this folder.")] = None,
    assumptions: Annotated[Path, typer.Option(help="Another file of assumptions.")] = FILE,
    prices: Annotated[Path, typer.Option(help="Another price list, in the format of infra/aws/prices.toml.")] = PRICES,
    months: Annotated[float, typer.Option(min=40, max=10_000_000, help="Months that benefit simulates.")] = MONTHS,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
) -> None:
    """Print the sections. Exits with 1 if a file or section is missing or wrong."""
    console = Console()
    console = console if console.is_terminal else Console(width=_WIDTH)
    try:
        given, bill, folder = read_assumptions(assumptions), read_prices(prices), measured or _latest()
        found = read_measured(folder) if folder else None
        makers: Mapping[str, Callable[[], Table]] = {
            "matrix": lambda: matrix_table(found),
            "benefit": lambda: benefit_table(given, bill, seed, months),
            "windows": lambda: windows_table(given),
            "zones": lambda: zones_table(given, bill),
            "retries": retries_table,
        }
        if unknown := set(sections or ()) - makers.keys():
            raise BadAssumptions(f"Unknown section {', '.join(sorted(unknown))}. The sections: {', '.join(makers)}.")
        tables = {}
        for name in sections or SECTIONS:
            with console.status(Text(name)):
                tables[name] = makers[name]()
            console.print(tables[name].rich())
        if json_file:
            rows = {name: table.rows for name, table in tables.items()}
            document = {"assumptions": given.model_dump(), "seed": seed, "months": months, "sections": rows}
            json_file.write_text(json.dumps(document, indent=1, default=asdict) + "\n")
        if plots:
            from lab.model.plots import draw  # matplotlib is slow to import

            for path in draw(tables, plots):
                console.print(Text(f"Drawn: {path}"), soft_wrap=True)
    except (BadAssumptions, BadPrices, NotMeasured, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _latest() -> Path | None:
    folder = StackSettings.load().state_dir / "reports/latest"
    return folder if (folder / f"{NAME}.json").is_file() else None


if __name__ == "__main__":
    cli()
