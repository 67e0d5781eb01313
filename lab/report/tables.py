"""The tables of one experiment as data: what it compared, and what was expected of each side."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.condition import Condition
from lab.findings import Checked, Found, Run, SideFound, Spread, spread_of
from lab.measure_names import named
from lab.report.definitions import anchor_of
from lab.report.words import label, range_of, value
from lab.units import number

SIDES_BESIDE_EACH_OTHER = 4
"""More than these stand below each other."""


@dataclass(frozen=True)
class Head:
    """The name of a measure for people, with the place of its definition."""

    name: str
    term: str
    details: str
    anchor: str


@dataclass(frozen=True)
class Figure:
    """A median, and the range where the runs differ."""

    value: str
    range: str


@dataclass(frozen=True)
class Expectation:
    """A condition of one side, over all its runs. `when`: expected, or the steady state before or after."""

    when: str
    condition: str
    measured: str
    held: int
    runs: int

    @property
    def holds(self) -> bool:
        return self.held == self.runs


def heads(found: Found) -> list[Head]:
    """The measures of the closing table."""
    return [head(name) for name in found.show]


def head(name: str) -> Head:
    """A name that this lab does not know stands for itself."""
    try:
        meaning = named(name).meaning
    except ValueError:
        return Head(name, name, "", "")
    return Head(name, *label(name), anchor_of(meaning))


def figure(side: SideFound, name: str) -> Figure:
    spread = side.summary.get(name)
    return Figure(value(name, spread), range_of(name, spread))


def beside_each_other(found: Found) -> bool:
    """Whether the sides are columns of the closing table; else they are its rows."""
    return len(found.sides) <= SIDES_BESIDE_EACH_OTHER


def expectations(side: SideFound) -> list[Expectation]:
    """What was expected of a side, and the steady state before and after."""
    parts = [
        ("expected", [run.expectations for run in side.runs]),
        ("steady before", [run.steady_before for run in side.runs]),
        ("steady after", [run.steady_after for run in side.runs]),
    ]
    return [each for when, runs in parts for each in _over_runs(when, runs)]


def journal(run: Run) -> list[tuple[float, str]]:
    """What was done and seen, and where phases began, in the order of time."""
    phases = [(phase.from_s, f"{phase.name.replace('_', ' ')} begins") for phase in run.phases]
    return sorted([*phases, *((said.at_s, said.text) for said in run.journal)], key=lambda line: line[0])


def _over_runs(when: str, runs: Sequence[Sequence[Checked]]) -> list[Expectation]:
    conditions = dict.fromkeys(check.condition for run in runs for check in run)
    found = []
    for condition in conditions:
        checks = [check for run in runs for check in run if check.condition == condition]
        found.append(
            Expectation(
                when=when,
                condition=condition,
                measured=_measured(condition, spread_of([check.measured for check in checks])),
                held=sum(check.held for check in checks),
                runs=len(checks),
            )
        )
    return found


def _measured(condition: str, spread: Spread | None) -> str:
    if spread is None:
        return "nothing"
    try:
        name = Condition.parse(condition).measure
    except ValueError:
        # A file from elsewhere may state what this lab does not know.
        name = ""
    shown = number(name, spread.median)
    between = range_of(name, spread)
    return f"{shown} ({between})" if between else shown
