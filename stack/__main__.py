"""The command line: `python -m stack up`, and so on. The make targets call it."""

import json
import re
import sys
import time
from contextlib import suppress
from typing import Annotated

import typer

import stack
from stack import fault_commands, show
from stack.choice import available
from stack.errors import NothingRuns, StackError
from stack.settings import StackSettings
from stack.terminal import Format, FormatOption, output, progress, running, working

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=stack.__doc__,
    rich_markup_mode=None,
)

Target = Annotated[str, typer.Argument(help="A replica such as products-2, or a service that has only one.")]


@app.command()
def up() -> None:
    """Start the stack; return when every replica is ready."""
    began = time.monotonic()
    with working() as announce:
        runtime = stack.open_runtime(StackSettings.load(), announce)
        runtime.up()
        status = runtime.status()
    output.print(show.welcome(status, time.monotonic() - began), markup=False)


@app.command()
def down(volumes: Annotated[bool, typer.Option("--volumes", help="Remove the data too.")] = False) -> None:
    """Stop everything; the data stays unless told otherwise."""
    with working() as announce:
        settings = StackSettings.load()
        try:
            runtimes = [stack.running_runtime(settings, announce)]
        except NothingRuns:
            runtimes = available(settings, announce)
        for runtime in runtimes:
            runtime.down(volumes=volumes)
    output.print("The stack is down, and its data is gone." if volumes else "The stack is down; its data is kept.")


@app.command()
def status(format: FormatOption = Format.TABLE) -> None:
    """Show every replica."""
    with running() as runtime:
        now = runtime.status()
    if format is Format.JSON:
        print(json.dumps(now.to_json(), indent=2))
    else:
        output.print(show.table(now))


@app.command()
def logs(follow: Annotated[bool, typer.Option("--follow", help="Go on until interrupted.")] = False) -> None:
    """Print the last lines of every log."""
    with suppress(KeyboardInterrupt):  # the way out of --follow
        stack.running_runtime(StackSettings.load()).logs(follow=follow)


@app.command()
def kill(target: Target) -> None:
    """SIGKILL a replica."""
    with running() as runtime:
        runtime.kill(target)
    output.print(show.killed(runtime, target))


@app.command()
def pause(target: Target) -> None:
    """Freeze a replica: it holds its connections and answers nothing."""
    with running() as runtime:
        runtime.pause(target)
    output.print(f"{target} is paused; `make resume TARGET={target}` lets it go on.")


@app.command()
def resume(target: Target) -> None:
    """Let a paused replica go on."""
    with running() as runtime:
        runtime.resume(target)
    output.print(f"{target} goes on.")


@app.command()
def stop(target: Target) -> None:
    """Stop a replica gracefully."""
    with running() as runtime:
        runtime.stop(target)
        now = runtime.status()
    output.print(show.stopped(runtime, now, target))


@app.command()
def start(target: Target) -> None:
    """Start a replica that was stopped or killed; return when it is ready."""
    with running() as runtime:
        runtime.start(target)
    output.print(f"{target} is ready.")


@app.command()
def scale(service: str, count: str) -> None:
    """Change the number of a service's replicas without a failed request."""
    if not re.fullmatch(r"[0-9]{1,4}", count):
        raise StackError("Say how many replicas, as in `make scale SERVICE=products N=5`.")
    with running() as runtime:
        runtime.scale(service, int(count))
    output.print(f"{service} has {count} replicas, all ready.")


@app.command()
def roll(service: Annotated[str, typer.Argument()] = "products") -> None:
    """Restart a service's replicas one after another without a failed request."""
    with running() as runtime:
        runtime.roll(service)
    output.print(f"Every replica of {service} was restarted and is back in rotation.")


fault_commands.register(app)


def main() -> int:
    """Run the command that was given; what is wrong is said in a sentence, without a traceback."""
    try:
        app()
    except (StackError, OSError) as error:
        progress.print(str(error), markup=False, style="red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
