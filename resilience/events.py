"""Events: what the patterns announce, after it has happened.

Metrics, logs and the dashboard are listeners; the patterns know none of them.
"""

import logging
from asyncio import CancelledError
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resilience.outcome import Outcome

log = logging.getLogger("resilience")


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is the name of the pipeline, which is that of the service; `at_s` is on the monotonic clock."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """The breaker changed its state; `wait_s` is the time to the next probe if it is open now."""

    before: str
    after: str
    cause: str
    generation: int
    wait_s: float | None


@dataclass(frozen=True, slots=True)
class CallRejected(Event):
    """A pattern rejected a call before it was dispatched."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """A dispatched attempt ended; `duration_s` does not include `waited_s`, its time in our own queue."""

    outcome: Outcome
    duration_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Retrying(Event):
    """The next attempt, after `attempts` failed ones, follows in `wait_s`."""

    attempts: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class RetryBudgetSpent(Event):
    """The budget did not allow a retry that was due."""


@dataclass(frozen=True, slots=True)
class StaleServed(Event):
    """A stale answer was served in place of a call, for this reason."""

    age_s: float
    reason: str


Listener = Callable[[Event], None]


class Announcer:
    """The listeners of one pipeline. They hear of every event, in order, and must not change what announces it.

    A listener that throws changes nothing: its error goes to the log.
    """

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.listeners = list(listeners)

    def announce(self, event: Event) -> None:
        for listener in self.listeners:
            try:
                listener(event)
            except (Exception, CancelledError):
                log.exception("a listener failed on %s", type(event).__name__)
