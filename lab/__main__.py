"""The lab's command line: `python -m lab demo|failover|bench`."""

import asyncio
import json
import signal
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
import uvloop
from rich.console import Console

from lab import failover as faults
from lab.bench import Bench, table
from lab.demo import DemoFailed, Plan, play
from lab.screen import Screen
from stack import open_runtime
from stack.errors import StackError
from stack.settings import StackSettings

T = TypeVar("T")
INTERRUPTED = 130

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="Experiments on a running stack.")


@cli.command()
def demo(rate: Annotated[float, typer.Option(min=1, max=2000, help="Searches a second.")] = Plan.rate) -> None:
    """Kill, freeze and restart replicas while searches go on. Exits with 1 if one of them failed."""
    screen = Screen(Console())
    try:
        answered = _run(play(open_runtime(StackSettings.load(), screen.say), screen, Plan(rate=rate)))
    except (StackError, DemoFailed, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(0 if answered else 1)


@cli.command()
def failover() -> None:
    """Do every fault that must cost nothing, under load, and stop the database. Exits with 1 if a request failed."""
    console = Console()
    try:
        trials, seen = _run(faults.every(open_runtime(StackSettings.load(), console.print), console.print))
    except (StackError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(INTERRUPTED) from None
    console.print(faults.table(trials))
    console.print(seen.sentence())
    raise typer.Exit(1 if any(each.result.failed for each in trials) else 0)


@cli.command()
def bench() -> None:
    """Measure the stack against PostgreSQL itself, in a stack of its own. Writes bench.json into the state folder."""
    console, settings = Console(), StackSettings.load()
    try:
        with TemporaryDirectory(prefix="afloat-bench-") as folder:
            report = Bench(settings, Path(folder), console.print).run()
    except (StackError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    written = settings.state_dir / "bench.json"
    written.write_text(json.dumps(report.to_json(), indent=2) + "\n")
    console.print(table(report))
    console.print(f"The same as JSON: {written}")


def _run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_until_terminated(work))


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    """SIGTERM ends the work as Ctrl-C does: everything is put right first."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


if __name__ == "__main__":
    cli()
