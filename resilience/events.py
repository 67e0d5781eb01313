"""Events: what the patterns announce. Metrics, logs and the dashboard are listeners; the patterns know none of them.

An event is made only if somebody listens, and announced only once the change that it tells of is complete.
"""

import logging
from asyncio import CancelledError
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from resilience.outcome import Outcome

log = logging.getLogger("resilience")


@dataclass(frozen=True, slots=True)
class Event:
    """`name` is the pipeline's, which is the dependency's; `at_s` is on the monotonic clock."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """The breaker went from one state to another; `wait_s` is the time to the next probe, if there will be one."""

    before: str
    after: str
    cause: str
    generation: int
    wait_s: float | None


@dataclass(frozen=True, slots=True)
class CallRejected(Event):
    """A pattern turned a call away before it was dispatched."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallEnded(Event):
    """A dispatched call ended; `duration_s` is without the time in our own queue, which is `waited_s`."""

    outcome: Outcome
    duration_s: float
    waited_s: float


@dataclass(frozen=True, slots=True)
class Retrying(Event):
    """The attempt after `attempts` failed ones follows in `wait_s`."""

    attempts: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class RetryBudgetSpent(Event):
    """A retry was due and the budget did not allow it."""


@dataclass(frozen=True, slots=True)
class StaleServed(Event):
    """An old answer stood in for the call that failed."""

    age_s: float
    reason: str


Listener = Callable[[Event], None]


class Announcer:
    """The listeners of one pipeline. One that throws changes nothing: its error goes to the log.

    Everybody hears of everything in the order in which it happened: what a listener brings about waits for its turn.
    """

    __slots__ = ("_announcing", "_waiting", "listeners")

    def __init__(self, listeners: Iterable[Listener] = ()) -> None:
        self.listeners = list(listeners)
        self._waiting: deque[Event] = deque()
        self._announcing = False

    def announce(self, event: Event) -> None:
        self._waiting.append(event)
        if self._announcing:
            return
        self._announcing = True
        try:
            while self._waiting:
                self._tell(self._waiting.popleft())
        finally:
            self._announcing = False

    def _tell(self, event: Event) -> None:
        for listener in tuple(self.listeners):
            try:
                listener(event)
            except (Exception, CancelledError):
                log.exception("a listener failed on %s", type(event).__name__)
