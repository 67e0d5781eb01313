"""Nobody watches."""

from collections.abc import Sequence
from pathlib import Path

from lab.experiment import Experiment, Side
from lab.findings import Found, Run
from lab.load_apart import LoadApart
from lab.watch import Watch


class Silent:
    """See lab.suite.Screen."""

    def phase(self, name: str, about_s: float) -> None:
        pass

    def say(self, text: str) -> None:
        pass

    def progress(self, load: LoadApart, watch: Watch) -> None:
        pass

    def experiment(self, experiment: Experiment, sides: Sequence[Side]) -> None:
        pass

    def side(self, side: Side, number: int, repetitions: int) -> None:
        pass

    def ran(self, side: Side, run: Run) -> None:
        pass

    def found(self, found: Found, written: Path) -> None:
        pass
