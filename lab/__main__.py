"""The lab's command line: `python -m lab run|report|headline|sample|undo|demo|failover|bench|bench-load`."""

import asyncio
import json
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from lab import bench_load
from lab import failover as faults
from lab.bench import Bench
from lab.bench_report import table
from lab.demo import DemoFailed, Plan, play
from lab.experiment import Experiment
from lab.findings import Verdict, worst
from lab.journal import Journal, open_journal
from lab.live import LiveScreen
from lab.priority import go_first
from lab.punctual_loop import punctual_loop
from lab.reading import BadExperiment, find, names, read
from lab.report import commands as report_commands
from lab.screen import Screen
from lab.suite import Options, Suite, new_folder
from stack import open_runtime, running_runtime
from stack.errors import NothingRuns, StackError
from stack.runtime import Announce, Runtime
from stack.settings import StackSettings

T = TypeVar("T")
INTERRUPTED = 130

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="Experiments on a running stack.")
report_commands.register(cli)


@cli.command()
def run(
    experiments: Annotated[list[str] | None, typer.Argument(help="Names or files; none: the quick ones.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All experiments.")] = False,
    record: Annotated[bool, typer.Option(help="Keep every request as compressed CSV.")] = False,
    real_time: Annotated[bool, typer.Option(help="Do not run schedules faster than they are written.")] = False,
    repeat: Annotated[int | None, typer.Option(min=1, max=50, help="Runs of each side.")] = None,
) -> None:
    """Run experiments. Exits with 0: all held, 1: one deviated, 2: one was aborted, 3: one is invalid."""
    console, settings = Console(), StackSettings.load()
    screen = LiveScreen(console)
    folder: Path | None = None
    try:
        chosen = _chosen(experiments or [], every)
        with open_journal(settings.state_dir) as journal:
            folder = new_folder(settings.state_dir / "reports")
            suite = Suite(
                open_runtime(settings, screen.say), journal, screen, Options(folder, record, real_time, repeat)
            )
            found = _run(suite.run(chosen), loads=False)  # its load has a process of its own
        console.print("Writing the report", style="dim")
        console.print(report_commands.written(folder), soft_wrap=True, markup=False, highlight=False)
    except BadExperiment as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Verdict.INVALID.exit_code) from None
    except (StackError, OSError) as error:
        screen.close()
        typer.echo(str(error), err=True)
        # What had come to its end by then stands.
        if folder is not None and any(folder.glob("*.json")):
            console.print(report_commands.written(folder), soft_wrap=True, markup=False, highlight=False)
        raise typer.Exit(Verdict.INVALID.exit_code) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        screen.close()
        typer.echo("Interrupted; everything is put right.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        screen.close()
    raise typer.Exit(worst([each.verdict for each in found]).exit_code)


def _chosen(named: list[str], every: bool) -> dict[str, tuple[Path, Experiment]]:
    paths = [find(name) for name in named or names()]
    chosen = {path.stem: (path, read(path)) for path in paths}
    if named or every:
        return chosen
    return {name: (path, experiment) for name, (path, experiment) in chosen.items() if experiment.quick}


@cli.command("list")
def list_experiments() -> None:
    """Show all experiments and what each claims."""
    for name in names():
        experiment = read(find(name))
        typer.echo(f"{name:24}{'quick  ' if experiment.quick else '       '}{experiment.title}")


@cli.command()
def undo() -> None:
    """Put right what a command of the lab left broken because it was killed."""
    settings = StackSettings.load()
    try:
        with open_journal(settings.state_dir) as journal:
            count = len(journal.entries)
            failures = journal.put_right(running_runtime(settings)) if count else []
    except NothingRuns:
        (settings.state_dir / "lab-undo.json").unlink(missing_ok=True)
        typer.echo("No stack is up: there is nothing to put right.")
        return
    except (StackError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for failure in failures:
        typer.echo(failure, err=True)
    typer.echo(f"{count - len(failures)} things put right." if count else "There is nothing to put right.")
    raise typer.Exit(1 if failures else 0)


@cli.command()
def demo(rate: Annotated[float, typer.Option(min=1, max=2000, help="Searches a second.")] = Plan.rate) -> None:
    """Kill, freeze and restart replicas while searches go on. Exits with 1 if one of them failed."""
    screen = Screen(Console())
    try:
        with _broken_by_nobody(StackSettings.load(), screen.say) as (runtime, journal):
            answered = _run(play(runtime, screen, Plan(rate=rate), journal=journal))
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
        with _broken_by_nobody(StackSettings.load(), console.print) as (runtime, journal):
            trials, seen = _run(faults.every(runtime, console.print, journal))
    except (StackError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(INTERRUPTED) from None
    console.print(faults.table(trials))
    console.print(seen.sentence())
    failed = [each for each in trials if each.result.failed]
    for each in failed:
        console.print(f"Failed: {faults.why_failed(each)}")
    raise typer.Exit(1 if failed else 0)


@cli.command()
def bench() -> None:
    """Measure the search beside a plain app, in a stack of its own. Writes bench.json into the state folder."""
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


@cli.command("bench-load")
def measure_load() -> None:
    """Measure how punctual the load is at 500 requests a second over a server that stalls; exits with 1 if late."""
    lag = _run(bench_load.measure())
    typer.echo(lag.sentence())
    raise typer.Exit(0 if lag.met else 1)


@contextmanager
def _broken_by_nobody(settings: StackSettings, announce: Announce) -> Iterator[tuple[Runtime, Journal]]:
    """The runtime, once all is put right that a killed command of the lab left broken; for one command at a time."""
    runtime = open_runtime(settings, announce)
    with open_journal(settings.state_dir) as journal:
        failures = journal.put_right(runtime)
        if failures:
            raise StackError("\n".join(failures))
        yield runtime, journal


def _run(work: Coroutine[Any, Any, T], *, loads: bool = True) -> T:
    if loads:
        go_first()
    with asyncio.Runner(loop_factory=punctual_loop) as runner:
        return runner.run(_until_terminated(work))


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    """SIGTERM ends the work as Ctrl-C does: everything is put right first."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


if __name__ == "__main__":
    cli()
