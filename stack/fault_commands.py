"""The commands that break a service from inside, and those that switch what protects it."""

import json
from typing import Annotated

import typer

from stack import faults, patterns, show, words
from stack.terminal import Format, FormatOption, output, running

_DEFAULT_FOR_S = 30

AnyTarget = Annotated[str, typer.Argument(help="A replica such as products-2, or a service: all its replicas.")]
Fields = Annotated[
    list[str] | None, typer.Argument(help="What the kind needs, as in delay_ms=3000; for_s=30 unless told otherwise.")
]
Kind = Annotated[
    str, typer.Argument(help="latency, hang, reset, error, grey, crash, leak, block or exhaust_pool (chassis/faults/).")
]


def fault(target: AnyTarget, kind: Kind, fields: Fields = None) -> None:
    """Put a fault into a service; it ends by itself after for_s seconds."""
    wanted = {"kind": kind, "for_s": _DEFAULT_FOR_S, **words.values(fields or ())}
    with running() as runtime:
        names = faults.inject(runtime, target, wanted)
    output.print(show.struck(names, kind, wanted["for_s"]), markup=False)


def clear_faults(target: Annotated[str, typer.Argument(help="A replica or a service; none: everything.")] = "") -> None:
    """End every fault."""
    with running() as runtime:
        faults.clear(runtime, target or None)
    output.print(f"No fault is on{f' in {target}' if target else ''} any more.", markup=False)


def list_faults(format: FormatOption = Format.TABLE) -> None:
    """Show the faults that are on, and how long each will stay."""
    with running() as runtime:
        active = faults.active(runtime)
    if format is Format.JSON:
        print(json.dumps(active.to_json(), indent=2))
    else:
        output.print(show.faults_table(active))


def show_patterns(
    switches: Annotated[
        list[str] | None, typer.Argument(help="Switches to turn first, as in timeouts=off, all=on; none: only show.")
    ] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the gateways' patterns, or switch them first."""
    wanted = words.switches(switches or ())
    with running() as runtime:
        now = patterns.switch(runtime, wanted) if wanted else patterns.look(runtime)
    if format is Format.JSON:
        print(json.dumps(now.to_json(), indent=2))
    else:
        output.print(show.patterns_table(now))


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(fault)
    app.command("faults")(list_faults)
    app.command("clear-faults")(clear_faults)
    app.command("patterns")(show_patterns)
