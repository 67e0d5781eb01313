"""`python -m lab.model`: what redundancy costs and buys, and what changes with scale, computed."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from lab.model.assumptions import FILE, BadAssumptions, read_assumptions
from lab.model.benefit import MONTHS, REPLICAS
from lab.model.matrix import NAME, NotMeasured, read_measured
from lab.model.prices import FILE as PRICES
from lab.model.prices import BadPrices, read_prices
from lab.model.sections import SECTIONS, SEED, Given, document
from lab.model.table import Table
from stack.settings import StackSettings

# Where the output is no terminal nothing says how wide it may be.
_WIDTH = 190

cli = typer.Typer(add_completion=False, help="What redundancy costs and buys, and what changes with scale, computed.")


@cli.command()
def model(
    sections: Annotated[list[str] | None, typer.Argument(help=f"Of {', '.join(SECTIONS)}; none: all.")] = None,
    measured: Annotated[Path | None, typer.Option(help="Folder of a redundancy_matrix.json; else the latest.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures there too.")] = None,
    plots: Annotated[Path | None, typer.Option(help="Draw into this folder, as PNG and SVG.")] = None,
    assumptions: Annotated[Path, typer.Option(help="Another file of assumptions.")] = FILE,
    prices: Annotated[Path, typer.Option(help="Another price list, in the shape of infra/aws/prices.toml.")] = PRICES,
    months: Annotated[float, typer.Option(min=40, max=10_000_000, help="Simulated months.")] = MONTHS,
    replicas: Annotated[int, typer.Option(min=1, max=50, help="Tell the benefit of up to so many.")] = REPLICAS,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = SEED,
) -> None:
    """Print the sections. Exits with 1 where something that was asked for is not there or cannot be."""
    console = Console()
    console = console if console.is_terminal else Console(width=_WIDTH)
    names = sections or list(SECTIONS)
    try:
        if unknown := [name for name in names if name not in SECTIONS]:
            raise BadAssumptions(f"No section is called {', '.join(unknown)}: there are {', '.join(SECTIONS)}.")
        folder = measured or _latest()
        found = read_measured(folder) if folder else None
        given = Given(read_assumptions(assumptions), read_prices(prices), found, seed, months, replicas)
        tables = _print(console, names, given)
        if json_file:
            json_file.write_text(json.dumps(document(given, tables), indent=1) + "\n")
        if plots:
            # Slow to import, and only needed here.
            from lab.model.plots import draw

            for path in draw(tables, plots):
                console.print(Text(f"Drawn: {path}"), soft_wrap=True)
    except (BadAssumptions, BadPrices, NotMeasured, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _print(console: Console, names: list[str], given: Given) -> dict[str, Table]:
    tables = {}
    for name in names:
        with console.status(Text(name)):
            tables[name] = SECTIONS[name](given)
        console.print(tables[name].rich())
    return tables


def _latest() -> Path | None:
    folder = StackSettings.load().state_dir / "reports/latest"
    return folder if (folder / f"{NAME}.json").is_file() else None


if __name__ == "__main__":
    cli()
