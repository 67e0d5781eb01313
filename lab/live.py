"""What the lab shows while it works: in a terminal a live display, elsewhere a line for each side; then a table."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Column, Table
from rich.text import Text

from lab.experiment import Experiment, Side
from lab.findings import Found, Run, SideFound, Verdict
from lab.load_apart import LoadApart
from lab.measure_names import DEPENDENCIES
from lab.report.words import range_of
from lab.result import Result
from lab.units import number
from lab.watch import Watch

_COLOURS = {
    Verdict.HELD: "bold green",
    Verdict.DEVIATED: "bold red",
    Verdict.ABORTED: "bold red",
    Verdict.INVALID: "bold yellow",
}
_STATES = {"ready": "green", "starting": "yellow", "not_ready": "yellow", "paused": "cyan", "stopped": "red"}
_BREAKERS = {"closed": "green", "half_open": "yellow", "open": "red"}
_PHASES = {
    "shaping": "shaping the stack",
    "warm_up": "warming up",
    "before": "steady state, before",
    "during": "faults",
    "settling": "waiting until all is well again",
    "after": "steady state, after",
    "counting": "counting",
}
_LINES = 4


class LiveScreen:
    """See lab.suite.Screen. Nothing but lines where nobody looks at a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._head = ""
        self._phase, self._phase_began_s, self._phase_about_s = "", 0.0, 0.0
        self._said: list[str] = []
        self._numbers: Group | None = None

    def experiment(self, experiment: Experiment, sides: Sequence[Side]) -> None:
        self._console.print(Text(f"\n{experiment.title}", style="bold"))
        self._console.print(Text(" ".join(experiment.hypothesis.split()), style="italic"))

    def side(self, side: Side, number: int, repetitions: int) -> None:
        again = f", {number} of {repetitions}" if repetitions > 1 else ""
        self._head, self._said, self._numbers = f"{side.name}{again}", [], None
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=4, transient=True)
            self._live.start()

    def phase(self, name: str, about_s: float) -> None:
        self._phase, self._phase_began_s, self._phase_about_s = name, monotonic(), about_s
        self._refresh()

    def say(self, text: str) -> None:
        self._said = [*self._said, text][-_LINES:]
        if self._live is None and self._console.is_terminal:
            self._console.print(Text(text, style="dim"))
        self._refresh()

    def progress(self, load: LoadApart, watch: Watch) -> None:
        if self._live is not None:
            self._numbers = _numbers(load.result(), load.in_flight, watch)
            self._refresh()

    def ran(self, side: Side, run: Run) -> None:
        self.close()
        line = Text("  ")
        line.append(f"{run.verdict.value:8}", style=_COLOURS[run.verdict])
        line.append(f"  {self._head}: ")
        if run.measures:
            line.append(f"{run.measures['failed']:.0f} of {run.measures['sent']:.0f} failed")
            line.append(f", {run.measures['downtime_s']:.0f} s down")
        else:
            line.append("not run")
        self._console.print(line)
        for reason in run.reasons:
            self._console.print(Text(f"            {reason}", style="yellow"))

    def found(self, found: Found, written: Path) -> None:
        self._console.print(comparison(found))
        if found.time_scale > 1:
            faster = f"The schedule ran {found.time_scale:g} times faster than it is written"
            self._console.print(Text(f"{faster}: 7 s here are {7 * found.time_scale:g} s at full size.", style="dim"))
        self._console.print(Text(found.sentence, style=_COLOURS[found.verdict]))
        self._console.print(Text(f"All of it as JSON: {written}", style="dim"), soft_wrap=True)

    def close(self) -> None:
        """Take the live display away."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _refresh(self) -> None:
        if self._live is None:
            return
        passed_s = monotonic() - self._phase_began_s
        title = Text(f"{self._head}: {_PHASES.get(self._phase, self._phase)}  {passed_s:.0f} s", style="bold")
        about_s = self._phase_about_s
        bar = ProgressBar(total=about_s or None, completed=min(passed_s, about_s), width=60, pulse=not about_s)
        said = [Text(f"  {text}", style="dim") for text in self._said]
        self._live.update(Group(title, Padding(bar, 0), *([self._numbers] if self._numbers else []), *said))


def comparison(found: Found) -> Table:
    """The sides beside each other: a matrix where they are one, else a column a side, or where there are many a row."""
    if any(side.row for side in found.sides):
        return _matrix(found)
    if len(found.sides) > 5:
        table = Table(Column(overflow="fold"), *found.show, "verdict", title=found.title, title_justify="left")
        for side in found.sides:
            table.add_row(side.name, *(_shown(side, name) for name in found.show), _verdict(side))
        return table
    table = Table(
        Column(overflow="fold"), *(side.name for side in found.sides), title=found.title, title_justify="left"
    )
    for name in found.show:
        table.add_row(name, *(_shown(side, name) for side in found.sides))
    table.add_row("verdict", *(_verdict(side) for side in found.sides))
    return table


def _matrix(found: Found) -> Table:
    """A column for each stack, a row for each schedule; in a cell the downtime, and the requests that failed."""
    cells = {(side.row, side.column): side for side in found.sides}
    stacks = list(dict.fromkeys(str(side.row) for side in found.sides))
    title = f"{found.title}: seconds of downtime, failed requests"
    table = Table("", *stacks, title=title, title_justify="left")
    for schedule in dict.fromkeys(str(side.column) for side in found.sides):
        sides = [cells.get((stack, schedule)) for stack in stacks]
        table.add_row(schedule, *(Text("") if side is None else _cell(side) for side in sides))
    return table


def _cell(side: SideFound) -> Text:
    text = f"{_shown(side, 'downtime_s')}, {_shown(side, 'failed')}"
    wrong = "" if side.verdict is Verdict.HELD else f" {side.verdict.value}"
    return Text(text + wrong, style="" if side.verdict is Verdict.HELD else _COLOURS[side.verdict])


def _shown(side: SideFound, name: str) -> str:
    spread = side.summary.get(name)
    if spread is None:
        return "-"
    between = range_of(name, spread)
    return f"{number(name, spread.median)} ({between})" if between else number(name, spread.median)


def _verdict(side: SideFound) -> Text:
    return Text(side.verdict.value, style=_COLOURS[side.verdict])


def _numbers(result: Result, in_flight: int, watch: Watch) -> Group:
    table = Table.grid(padding=(0, 2))
    failed = Text(f"{result.failed} failed", style="bold red" if result.failed else "green")
    table.add_row(
        f"{result.sent} sent", f"{result.answered} answered", failed, f"{in_flight} in flight",
        f"p50 {result.p50_ms:.0f} ms", f"p99 {result.p99_ms:.0f} ms", f"own lag {result.lag_p99_ms:.1f} ms",
    )  # fmt: skip
    shown = Text()
    for replica in watch.seen.states[-1].replicas if watch.seen.states else ():
        shown.append(f"{replica.name} ", style=_STATES.get(replica.state, ""))
    breakers = Text()
    for dependency in DEPENDENCIES if watch.seen.patterns else ():
        for state in watch.seen.patterns[-1].breakers(dependency):
            breakers.append(f"{dependency} {state}  ", style=_BREAKERS.get(state, ""))
    return Group(table, shown, breakers)
