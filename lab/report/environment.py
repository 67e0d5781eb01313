"""Where and how it was measured: what all results share once, what differs for each."""

from dataclasses import dataclass

from lab.findings import Found
from lab.report.collection import Collection
from lab.units import number

_WORDS = {
    "runtime": "runtime",
    "python": "Python",
    "system": "system",
    "cpus": "processors",
    "memory_gib": "memory, GiB",
    "load_average": "load average of the last minute, at the end",
    "commit": "commit",
}


@dataclass(frozen=True)
class Fact:
    """A line of the table: each value with the titles of the experiments that it is true of; none: of all."""

    name: str
    values: list[tuple[str, list[str]]]


def environment(collection: Collection) -> list[Fact]:
    """Every fact that the results have, and how punctual the load itself was."""
    names = dict.fromkeys([*_WORDS, *(name for found in collection.found for name in found.environment)])
    facts = [
        _fact(collection, _WORDS.get(name, name), {id(found): _value(found, name) for found in collection.found})
        for name in names
    ]
    facts.append(
        _fact(collection, "repetitions of each side", {id(found): _repetitions(found) for found in collection.found})
    )
    facts.append(_fact(collection, "time scale", {id(found): f"{found.time_scale:g}" for found in collection.found}))
    facts.append(
        _fact(collection, "the load's own lag, p99, at most", {id(found): _lag(found) for found in collection.found})
    )
    facts.append(
        _fact(collection, "the load goes before others", {id(found): _priority(found) for found in collection.found})
    )
    return [fact for fact in facts if any(value != "-" for value, _ in fact.values)]


def _fact(collection: Collection, name: str, value_of: dict[int, str]) -> Fact:
    by_value: dict[str, list[str]] = {}
    for found in collection.found:
        by_value.setdefault(value_of[id(found)], []).append(found.title)
    if len(by_value) == 1:
        return Fact(name, [(next(iter(by_value)), [])])
    return Fact(name, list(by_value.items()))


def _value(found: Found, name: str) -> str:
    value = found.environment.get(name)
    return "-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _repetitions(found: Found) -> str:
    return ", ".join(sorted({str(len(side.runs)) for side in found.sides})) or "-"


def _lag(found: Found) -> str:
    lags = [lag for side in found.sides for run in side.runs if (lag := run.measures.get("lag_p99_ms")) is not None]
    return number("lag_p99_ms", max(lags)) if lags else "-"


def _priority(found: Found) -> str:
    given = {run.load_goes_first for side in found.sides for run in side.runs if run.measures}
    return "-" if not given else "yes" if given == {True} else "no"
