"""What all commands of the command line share: where they print, and the stack that they work on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

import stack
from stack.runtime import Announce, Runtime
from stack.settings import StackSettings

_PIPE_WIDTH = 120
output = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
progress = Console(stderr=True, highlight=False, soft_wrap=True)

_INTERRUPTED = 130


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]


@contextmanager
def working() -> Iterator[Announce]:
    """Shows what is being done; where nobody looks at a terminal, one line each."""
    try:
        if progress.is_terminal:
            with progress.status("Working") as spinner:
                yield lambda text: spinner.update(text.replace("[", r"\["))
        else:
            yield lambda text: progress.print(text, markup=False)
    except KeyboardInterrupt:
        progress.print("Interrupted. `make up` goes on from here, `make down` ends everything.", markup=False)
        raise typer.Exit(_INTERRUPTED) from None


@contextmanager
def running() -> Iterator[Runtime]:
    """The stack that is up."""
    with working() as announce:
        yield stack.running_runtime(StackSettings.load(), announce)
