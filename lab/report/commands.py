"""The commands that make documents of what the lab found: `python -m lab report|headline|sample`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lab.report.collection import BadReport, collect
from lab.report.headline import write_headline
from stack.settings import ROOT, StackSettings

README = ROOT / "README.md"
SAMPLE = ROOT / "docs/sample-report"
DATA = SAMPLE / "data"

Folder = Annotated[Path | None, typer.Argument(help="A folder of results; none: the latest run's.", show_default=False)]


def report(
    folder: Folder = None,
    into: Annotated[Path | None, typer.Option(help="Where to write it; none: beside the results.")] = None,
) -> None:
    """Make the report of a folder of results, again."""
    with _readable():
        from lab.report.write import write_report

        typer.echo(write_report(folder or latest(), into))


def headline(
    folder: Annotated[
        Path | None, typer.Argument(help="A folder of results; none: the sample's.", show_default=False)
    ] = None,
) -> None:
    """Write the README's headline table."""
    with _readable():
        write_headline(README, collect(folder or DATA))
    typer.echo(README)


def sample(folder: Folder = None) -> None:
    """Write docs/sample-report and the README's headline table from a folder of results."""
    with _readable():
        from lab.report.sample import write_sample

        kept = write_sample(folder or latest(), SAMPLE)
        write_headline(README, kept)
    typer.echo(SAMPLE)
    typer.echo(README)


def written(folder: Path) -> str:
    """Write the report of a run that has just ended, and say where it is; or why there is none."""
    try:
        from lab.report.write import write_report
    except ModuleNotFoundError as error:
        return f"No report was written: {missing(error)}"
    try:
        return f"The report: {write_report(folder)}"
    except (BadReport, OSError) as error:
        return f"No report was written: {error}"


def register(app: typer.Typer) -> None:
    """Add these commands to the lab's."""
    for command in (report, headline, sample):
        app.command()(command)


def latest() -> Path:
    """The folder of the last run's results."""
    return StackSettings.load().state_dir / "reports" / "latest"


@contextmanager
def _readable() -> Iterator[None]:
    """A sentence where there is nothing to read, or nothing to draw with: pictures need more than a stack does."""
    try:
        yield
    except ModuleNotFoundError as error:
        typer.echo(missing(error), err=True)
        raise typer.Exit(1) from None
    except (BadReport, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def missing(error: ModuleNotFoundError) -> str:
    """What to do about a library that is not there."""
    return f"{error.name} is not installed: `make lab` brings all that a report needs."
