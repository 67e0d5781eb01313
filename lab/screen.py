"""What the demo shows: a line a second and a closing table. In a terminal with colours and a line that stays below."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.status import Status
from rich.table import Column, Table
from rich.text import Text

from lab.result import Result

SLOW_MS = 100


@dataclass(frozen=True)
class ActFigures:
    """One act of the demo, or all of them; `back` is the time until every replica answered again."""

    title: str
    result: Result
    back: str = ""


class Screen:
    """Writes to a rich console, which knows whether it is a terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._below: Status | None = None

    def say(self, text: str) -> None:
        self._console.print(Text(text))

    def act(self, title: str) -> None:
        """A new act begins."""
        self._console.print(Text(f"\n{title}", style="bold"))
        if self._console.is_terminal:
            self.close()
            self._below = self._console.status(Text(title))
            self._below.start()

    def second(self, at_s: int, window: Result, replicas: Sequence[str]) -> None:
        """What ended in the last second, and which of the replicas answered in it."""
        line = Text(f"{at_s:4} s  {window.answered:5} answered  ")
        line.append(f"{window.failed:3} failed", style="bold red" if window.failed else "green")
        line.append(f"  slowest {window.max_ms:5.0f} ms ", style="yellow" if window.max_ms > SLOW_MS else "")
        for name in replicas:
            line.append(f"  {name if name in window.by_replica else '-' * len(name)}")
        self._console.print(line, soft_wrap=True)

    def table(self, acts: Sequence[ActFigures]) -> None:
        """The figures of every act and of all of them together."""
        self.close()
        table = Table(Column("act", no_wrap=True), title="\nWhat the visitors saw")
        for heading in (
            "sent",
            "answered",
            "failed",
            f"over {SLOW_MS} ms",
            "slowest",
            "all back after",
        ):
            table.add_column(heading, justify="right")
        for act in acts:
            result = act.result
            table.add_row(
                act.title,
                str(result.sent),
                str(result.answered),
                Text(str(result.failed), style="bold red" if result.failed else "green"),
                str(result.slower_than(SLOW_MS)),
                f"{result.max_ms:.0f} ms",
                act.back,
            )
        self._console.print(table)

    def close(self) -> None:
        """Take away the line below."""
        if self._below is not None:
            self._below.stop()
            self._below = None
