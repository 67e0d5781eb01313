"""What an experiment found, as data: what the terminal shows, the report draws, and a file keeps as JSON.

All times are seconds since the load of that run began.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from lab.measures import median_and_range

FORMAT = 1


class Verdict(StrEnum):
    """held: all was as expected. deviated: not all. aborted: stopped for the harm it did. invalid: it shows nothing."""

    HELD = "held"
    DEVIATED = "deviated"
    ABORTED = "aborted"
    INVALID = "invalid"

    @property
    def exit_code(self) -> int:
        return list(Verdict).index(self)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Of several: the one with the highest exit code."""
    return max(verdicts, key=lambda verdict: verdict.exit_code, default=Verdict.INVALID)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Checked(_Part):
    """A condition, what was measured (None: nothing), and whether it held."""

    condition: str
    measured: float | None
    held: bool


class Phase(_Part):
    """warm_up, before, during (the faults), settling, after."""

    name: str
    from_s: float
    to_s: float


class FaultDone(_Part):
    kind: str
    targets: Sequence[str]
    what: str
    from_s: float
    to_s: float


class Said(_Part):
    """A line of the journal."""

    at_s: float
    text: str


class Second(_Part):
    """The requests that were due in one second, of all kinds or of one service."""

    at_s: int
    sent: int
    answered: int
    degraded: int
    rejected: int
    failed: int
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None


class States(_Part):
    """The state of every replica at one moment."""

    at_s: float
    replicas: dict[str, str]


class DependencyState(_Part):
    """What one gateway said of one dependency."""

    breaker: str
    in_flight: int
    bulkhead_in_use: int
    bulkhead_queued: int


class Patterns(_Part):
    """gateway, then dependency."""

    at_s: float
    gateways: dict[str, dict[str, DependencyState]]


class Run(_Part):
    """One side, run once."""

    verdict: Verdict
    reasons: Sequence[str]
    started_at: str
    took_s: float
    phases: Sequence[Phase]
    measures: dict[str, float | None]
    expectations: Sequence[Checked]
    steady_before: Sequence[Checked]
    steady_after: Sequence[Checked]
    faults: Sequence[FaultDone]
    journal: Sequence[Said]
    failures: dict[str, int]
    answered_by: dict[str, int]
    seconds: Sequence[Second]
    seconds_by_service: dict[str, Sequence[Second]]
    states: Sequence[States]
    patterns: Sequence[Patterns]
    load_goes_first: bool
    records_file: str | None = None


class Spread(_Part):
    """Over the repetitions of a side. `missing`: in how many of them there was nothing to measure."""

    median: float
    low: float
    high: float
    missing: int = 0


class SideFound(_Part):
    """A side, its runs and, for each measure that there was, what the runs make of it. `row`, `column`: of a matrix."""

    name: str
    row: str | None
    column: str | None
    x: float | None
    side: dict[str, Any]
    verdict: Verdict
    runs: Sequence[Run]
    summary: dict[str, Spread]


class Found(_Part):
    """All that an experiment found. `time_scale`: its schedule ran so many times faster than it is written."""

    format: int = FORMAT
    name: str
    title: str
    hypothesis: str
    file: str
    verdict: Verdict
    sentence: str
    started_at: str
    took_s: float
    time_scale: float
    slo: float
    show: Sequence[str]
    environment: dict[str, Any]
    sides: Sequence[SideFound]


def summarise(runs: Sequence[Run]) -> dict[str, Spread]:
    """Every measure that one of the runs has. An invalid one shows nothing: it may never have met its fault."""
    valid = [run for run in runs if run.verdict is not Verdict.INVALID]
    names = dict.fromkeys(name for run in valid for name in run.measures)
    spreads = {name: spread_of([run.measures.get(name) for run in valid]) for name in names}
    return {name: each for name, each in spreads.items() if each is not None}


def spread_of(values: Sequence[float | None]) -> Spread | None:
    """Of the values that there are, with how many there are not; None where there are none at all."""
    there = median_and_range(values)
    if there is None:
        return None
    median, low, high = there
    return Spread(median=median, low=low, high=high, missing=sum(value is None for value in values))
