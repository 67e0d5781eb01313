"""The lab's command line: `python -m lab demo`."""

import asyncio
import signal
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from lab.demo import DemoFailed, Plan, play
from lab.screen import Screen
from stack import open_runtime
from stack.errors import StackError
from stack.settings import StackSettings

INTERRUPTED = 130

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="Experiments on a running stack.")


@cli.callback()
def lab() -> None:
    """Without this, typer would make the only command the whole command line."""


@cli.command()
def demo(rate: Annotated[float, typer.Option(min=1, max=2000, help="Searches a second.")] = Plan.rate) -> None:
    """Kill, freeze and restart replicas while searches go on. Exits with 1 if one of them failed."""
    screen = Screen(Console())
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            answered = runner.run(_until_terminated(screen, Plan(rate=rate)))
    except (StackError, DemoFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(0 if answered else 1)


async def _until_terminated(screen: Screen, plan: Plan) -> bool:
    """The demo; SIGTERM ends it as Ctrl-C does: everything is put right first."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await play(open_runtime(StackSettings.load(), screen.say), screen, plan)


if __name__ == "__main__":
    cli()
