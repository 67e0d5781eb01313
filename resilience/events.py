"""Events: the patterns announce what has happened, and listeners receive it.

Metrics, logs and traces are listeners. The patterns do not depend on any of them.
"""

import logging
from asyncio import CancelledError
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resilience.outcome import Outcome

log = logging.getLogger("resilience")


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is the name of the pipeline and of its service. `at_s` is the time on the monotonic clock."""

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
    """`attempts` attempts have failed. The next one starts after `wait_s`."""

    attempts: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class RetryBudgetSpent(Event):
    """The budget did not allow a retry."""


@dataclass(frozen=True, slots=True)
class StaleServed(Event):
    """A stale answer was served in place of a call, for this reason."""

    age_s: float
    reason: str


Listener = Callable[[Event], None]


class Announcer:
    """The listeners of one pipeline. They receive every event in order, and must not change the pattern that sent it.

    If a listener raises an exception, the exception is logged, and the call goes on.
    """

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.listeners = list(listeners)

    def announce(self, event: Event) -> None:
        for listener in self.listeners:
            try:
                listener(event)
            except (Exception, CancelledError):
                log.exception("a listener failed on %s", type(event).__name__)
