"""What every measure, phase and verdict means, taken from where each is defined."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from lab.findings import Verdict
from lab.measure_names import FIGURES, PHASES, RUN, WATCHED, Meaning


@dataclass(frozen=True)
class Definition:
    """A term, the names under which experiments ask for it, and what it says."""

    anchor: str
    term: str
    name: str
    says: str


@dataclass(frozen=True)
class Chapter:
    title: str
    definitions: Sequence[Definition]


def chapters() -> list[Chapter]:
    """Every measure that there is."""
    watched = [
        _definition(f"{watched}.SERVICE.{figure}", meaning)
        for watched, figures in WATCHED.items()
        for figure, meaning in figures.items()
    ]
    return [
        Chapter("Verdicts", [Definition(f"verdict-{name}", name, "", says) for name, says in verdicts().items()]),
        Chapter(
            "What visitors felt: of all requests, of a service or a kind of request, in the whole run or a phase",
            [_definition(name, meaning) for name, meaning in FIGURES.items()],
        ),
        Chapter("Of the run as a whole", [_definition(name, meaning) for name, meaning in RUN.items()]),
        Chapter("What the replicas of a service said of themselves", watched),
        Chapter("Phases", [Definition(f"phase-{name}", name, "", says) for name, says in PHASES.items()]),
    ]


def anchor_of(meaning: Meaning) -> str:
    """Where the definition of a measure stands."""
    return _anchors()[meaning.term, meaning.says]


@cache
def _anchors() -> dict[tuple[str, str], str]:
    return {(each.term, each.says): each.anchor for chapter in chapters() for each in chapter.definitions}


def verdicts() -> dict[str, str]:
    """Each verdict with its meaning, as its class says it."""
    return dict(re.findall(r"(\w+): ([^.]+)\.", Verdict.__doc__ or ""))


def _definition(name: str, meaning: Meaning) -> Definition:
    return Definition(f"measure-{name.replace('.', '-').lower()}", meaning.term, name, meaning.says)
