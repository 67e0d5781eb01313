"""The shape of `GET /control/state`: everything that the page shows, as data.

Times are seconds since 1970, shares are between 0 and 1. None means unknown.
"""

from typing import Any, TypedDict

PATTERNS = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")


class Replica(TypedDict):
    """One replica of any service; `share` is its share of the service's requests, `rate` is requests a second."""

    name: str
    service: str
    state: str
    detail: str
    since_s: float
    rate: float
    share: float | None
    failed_share: float | None
    p99_ms: float | None


class Circuit(TypedDict):
    state: str
    failure_rate: float | None
    calls: int
    next_probe_in_s: float | None
    opened: int


class Slots(TypedDict):
    """A bulkhead; `shared` if it is the one pool for all dependencies."""

    in_use: int
    queued: int
    limit: int
    queue_limit: int
    shared: bool


class Dependency(TypedDict):
    """One service as one gateway sees it. Counts are since the start of the gateway, rates are per second."""

    circuit: Circuit
    bulkhead: Slots
    in_flight: int
    rejected: dict[str, int]
    rejected_rate: float
    retries_rate: float
    retries_refused: int
    stale_rate: float


class Gateway(TypedDict):
    """One gateway process with its own breakers and bulkheads. Without dependencies if it did not report them."""

    name: str
    dependencies: dict[str, Dependency]


class Fault(TypedDict):
    """A fault that is on in one replica; `settings` are its other fields."""

    target: str
    service: str
    kind: str
    left_s: float
    settings: dict[str, Any]


class Journey(TypedDict):
    """The visits of one journey, or of all, in the last ten seconds. `served_by` counts answers by replica."""

    answered: int
    stale: int
    failed: int
    p99_ms: float | None
    served_by: dict[str, int]


class Visitors(Journey):
    """All visits. `rate` is the visitors sent per second now, `span_s` the seconds that the counts cover.

    While the visitors are `waiting`, the shop has not opened yet and none is sent.
    """

    rate: float
    waiting: bool
    span_s: float
    journeys: dict[str, Journey]
    reasons: dict[str, int]


class Downtime(TypedDict):
    """Seconds since `since` in which at least half of the visitors failed, with patterns off and with patterns on."""

    off_s: float
    on_s: float
    since: float


class Verdict(TypedDict):
    """`status` is healthy, unprotected, degraded, failing, down, unwatched or opening."""

    status: str
    words: str
    cause: str
    effect: str


class Point(TypedDict):
    """One second of the history. A breaker is `idle` if it is closed and had no calls."""

    at: float
    answered: int
    stale: int
    failed: int
    p99_ms: dict[str, float | None]
    patterns: str
    circuits: dict[str, str]
    replicas: dict[str, str]
    faults: list[str]


class Entry(TypedDict):
    """One line of the log. `kind` is good, warning, bad, you or note."""

    at: float
    kind: str
    text: str


class State(TypedDict):
    """The state without its history and log."""

    at: float
    verdict: Verdict
    visitors: Visitors
    replicas: list[Replica]
    gateways: list[Gateway]
    patterns: dict[str, bool | None]
    faults: list[Fault]
    downtime: Downtime
    show_left_s: float | None


class FullState(State):
    history: list[Point]
    log: list[Entry]
