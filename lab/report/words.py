"""Sentences of the report."""

from collections.abc import Sequence
from textwrap import fill

from lab.findings import Found, Spread, Verdict, worst
from lab.measure_names import named
from lab.report.collection import Collection
from lab.units import number

MARKS = {Verdict.HELD: "✓", Verdict.DEVIATED: "≠", Verdict.ABORTED: "■", Verdict.INVALID: "?"}
"""A shape for each verdict, beside its word."""


def suite_verdict(collection: Collection) -> Verdict:
    return worst([each.verdict for each in collection.found])


def suite_sentence(collection: Collection) -> str:
    """All experiments in a sentence."""
    found = collection.found
    held = sum(each.verdict is Verdict.HELD for each in found)
    if held == len(found):
        return f"{_all(len(found))} held." if len(found) > 1 else f"{found[0].title} held."
    others = [f"{each.title} {_predicate(each.verdict)}" for each in found if each.verdict is not Verdict.HELD]
    return f"{held} of {len(found)} {'experiment' if len(found) == 1 else 'experiments'} held; {listed(others)}."


def missing_sentence(collection: Collection) -> str:
    """What this checkout has and this folder does not; empty where nothing is missing."""
    if not collection.missing:
        return ""
    return f"Without a result here: {listed(collection.missing)}."


def pace(found: Found) -> str:
    """How much faster than written it ran; empty where it did not."""
    if found.time_scale == 1:
        return ""
    scale = f"{found.time_scale:g}"
    return (
        f"The schedule ran {scale} times faster than it is written: "
        f"7 s in the tables and on the time axis are {7 * found.time_scale:g} s at full size."
    )


def label(name: str) -> tuple[str, str]:
    """A measure's term, and of whom and when."""
    meaning, subject, phase = named(name)
    details = [
        subject.replace("_", " "),
        {"during": "during the faults", "open": "while a breaker was open"}.get(phase, phase),
    ]
    return meaning.term, ", ".join(each for each in details if each)


def phrase(name: str) -> str:
    """The same in one: `answered (customers, during the faults)`."""
    term, details = label(name)
    return f"{term} ({details})" if details else term


def value(name: str, spread: Spread | None) -> str:
    return "-" if spread is None else number(name, spread.median)


def range_of(name: str, spread: Spread | None) -> str:
    """Empty where all runs showed the same; of those that showed nothing, such as a time that never came, how many."""
    if spread is None:
        return ""
    between = "" if spread.low == spread.high else f"{number(name, spread.low)} to {number(name, spread.high)}"
    return ", ".join(part for part in (between, f"never in {spread.missing}" if spread.missing else "") if part)


def wrapped(text: str) -> str:
    """A paragraph of a document, in lines as long as those of this repository."""
    return fill(text, 120, break_long_words=False, break_on_hyphens=False)


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _all(count: int) -> str:
    return "Both experiments" if count == 2 else f"All {count} experiments"


def _predicate(verdict: Verdict) -> str:
    return {"aborted": "was aborted", "invalid": "is invalid"}.get(verdict.value, verdict.value)
