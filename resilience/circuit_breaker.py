"""Circuit breaker: a service that keeps failing is left alone for a while, and its callers are told at once.

    CLOSED --(too many failures or slow calls)--> OPEN --(the wait is over)--> HALF_OPEN --(all probes well)--> CLOSED
                                                   ^                              |
                                                   +-----(a probe failed)---------+

Besides these, a person can force it open, disable it, or have it only watch; `resume` undoes each of the three. After
M. Nygard, "Release It!"; the states and options as in resilience4j.

Everything here is synchronous: between the look at the state and the permit nobody else can run. Each state lasts one
generation, and a permit is the number of the generation that it was taken in: what a call of an older one brings home
is counted and changes nothing.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar

from resilience.circuit_states import Closed, Disabled, ForcedOpen, HalfOpen, MetricsOnly, Open, State, Verdict
from resilience.errors import CircuitOpen
from resilience.events import Announcer, CallRejected, StateChanged
from resilience.options import CircuitBreakerOptions
from resilience.outcome import ClassifyError, Outcome, classify_error

T = TypeVar("T")

_MANUAL = (ForcedOpen, Disabled, MetricsOnly)


@dataclass(frozen=True, slots=True)
class CircuitBreakerSnapshot:
    """What a dashboard shows; the rates are of the calls in the window, None without any.

    `calls` is the number of calls in the window, `next_probe_in_s` is None unless a probe is being waited for.
    """

    state: str
    generation: int
    calls: int
    failure_rate: float | None
    slow_call_rate: float | None
    consecutive_failures: int
    next_probe_in_s: float | None
    probes_taken: int
    rejected: int
    stale_results: int
    opened: int


class Permit:
    """The right to one call; it must be settled, and can be only once."""

    __slots__ = ("_breaker", "_generation", "_settled", "_started_s")

    def __init__(self, breaker: "CircuitBreaker", generation: int, started_s: float) -> None:
        self._breaker = breaker
        self._generation = generation
        self._started_s = started_s
        self._settled = False

    def settle(self, outcome: Outcome) -> None:
        if self._settled:
            raise RuntimeError("this permit was settled before")
        self._settled = True
        now_s = self._breaker.clock()
        self._breaker.settle(self._generation, outcome, now_s - self._started_s, now_s)


class CircuitBreaker:
    """One service's breaker. `clock` is monotonic, `random` gives numbers from 0 to 1."""

    def __init__(
        self,
        name: str,
        options: CircuitBreakerOptions | None = None,
        *,
        clock: Callable[[], float] = monotonic,
        random: Callable[[], float] = random.random,
        announcer: Announcer | None = None,
    ) -> None:
        self.name = name
        self.options = options or CircuitBreakerOptions()
        self.clock = clock
        self.closed = Closed(self.options, clock())
        self.state: State = self.closed
        self.generation = 0
        self.rejected = 0
        self.stale_results = 0
        self.opened = 0
        self._reopened = 0
        self._automatic: Open | None = None
        self._random = random
        self._announcer = announcer or Announcer()
        self._slow_call_s = self.options.slow_call_s

    # ---- Calls ------------------------------------------------------------------------------------------------------

    def check(self, now_s: float) -> None:
        """Raise CircuitOpen if a call that comes now gets no permit. Takes none, so that one may still queue."""
        if not self.state.admits(now_s):
            self.rejected += 1
            if self._announcer.listeners:
                self._announcer.announce(CallRejected(self.name, now_s, CircuitOpen.reason))
            raise CircuitOpen(self.name, self.state.wait_s(now_s))

    def acquire(self, now_s: float) -> int:
        """A permit, which is the generation to `settle` it with, exactly once. Raises CircuitOpen."""
        if self.state is self.closed:
            return self.generation
        self.check(now_s)
        if type(self.state) is Open:
            self._move(HalfOpen(self.options), "wait_over", now_s)
            # A listener may have changed the state again.
            return self.acquire(now_s)
        self.state.take()
        return self.generation

    def settle(self, generation: int, outcome: Outcome, duration_s: float, now_s: float) -> None:
        """Give a permit back together with what came of it."""
        if generation != self.generation:
            self.stale_results += outcome is not Outcome.IGNORED
            return
        verdict = self.state.record(outcome, duration_s >= self.options.slow_call_s, now_s)
        if verdict is not None:
            self._act(verdict, now_s)

    def permit(self) -> Permit:
        """As `acquire`, as an object."""
        now_s = self.clock()
        return Permit(self, self.acquire(now_s), now_s)

    async def call(self, call: Callable[[], Awaitable[T]], classify: ClassifyError = classify_error) -> T:
        """Make one call through this breaker alone; a pipeline does the same with everything else around it.

        What a call makes of its task's cancellation is nobody's failure.
        """
        clock = self.clock
        closed = self.closed
        started_s = clock()
        generation = self.generation if self.state is closed else self.acquire(started_s)
        try:
            answer = await call()
        except BaseException as error:
            self._settle_error(generation, error, classify, started_s)
            raise
        ended_s = clock()
        duration_s = ended_s - started_s
        window = closed.window
        if (
            generation == self.generation
            and self.state is closed
            and ended_s < window.edge_s
            and duration_s < self._slow_call_s
            and not (window.failures or window.slow)
        ):
            # What `settle` does, where there is nothing to decide.
            window.calls += 1
            closed.consecutive_failures = 0
        else:
            self.settle(generation, Outcome.SUCCESS, duration_s, ended_s)
        return answer

    def _settle_error(self, generation: int, error: BaseException, classify: ClassifyError, started_s: float) -> None:
        outcome = Outcome.IGNORED
        try:
            task = asyncio.current_task()
            if isinstance(error, Exception) and not (task and task.cancelling()):
                outcome = classify(error)
        finally:
            now_s = self.clock()
            self.settle(generation, outcome, now_s - started_s, now_s)

    def would_probe(self, now_s: float) -> bool:
        """Whether a call that comes now would be one of those that find out if the service is well again."""
        return type(self.state) in (Open, HalfOpen) and self.state.admits(now_s)

    # ---- Manual controls --------------------------------------------------------------------------------------------

    def force_open(self) -> None:
        """Let nothing through until `resume` or `reset`."""
        self._take_over(ForcedOpen())

    def disable(self) -> None:
        """Let everything through, unwatched, until `resume` or `reset`."""
        self._take_over(Disabled())

    def watch_only(self) -> None:
        """Let everything through and count it, until `resume` or `reset`."""
        self._take_over(MetricsOnly(self.options, self.clock()))

    def resume(self) -> None:
        """Undo the manual control: open, with what is left of its wait, if it was open or probing; else closed."""
        if not isinstance(self.state, _MANUAL):
            return
        now_s = self.clock()
        if self._automatic is not None:
            self._move(self._automatic, "resumed", now_s)
        else:
            self._close("resumed", now_s)

    def reset(self) -> None:
        """Closed, as if new, whatever it was: the next opening waits the shortest time again."""
        self._close("reset", self.clock())

    def _take_over(self, state: State) -> None:
        now_s = self.clock()
        before = self.state
        if type(before) is type(state):
            return
        if not isinstance(before, _MANUAL):
            # The probes under way will belong to an older generation: new ones are due at once.
            self._automatic = Open(now_s) if isinstance(before, HalfOpen) else before if type(before) is Open else None
        self._move(state, "manual", now_s)

    # ---- The transitions: here and nowhere else, and never an await --------------------------------------------------

    def _act(self, verdict: Verdict, now_s: float) -> None:
        if verdict is Verdict.PROBES_SUCCEEDED:
            self._close(verdict.value, now_s)
            return
        self._reopened = self._reopened + 1 if isinstance(self.state, HalfOpen) else 0
        self.opened += 1
        self._move(Open(now_s + self._open_wait_s()), verdict.value, now_s)

    def _close(self, cause: str, now_s: float) -> None:
        self.closed.clear(now_s)
        self._move(self.closed, cause, now_s)

    def _move(self, state: State, cause: str, now_s: float) -> None:
        before = self.state
        self.state = state
        self.generation += 1
        if self._announcer.listeners:
            wait_s = state.wait_s(now_s) if isinstance(state, Open) else None
            self._announcer.announce(
                StateChanged(self.name, now_s, before.name, state.name, cause, self.generation, wait_s)
            )

    def _open_wait_s(self) -> float:
        options = self.options
        # The longest one is jittered as widely as all others: capped afterwards, half of all breakers would share it.
        longest_s = options.max_open_wait_s / (1 + options.open_wait_jitter)
        # Past 2**30 the cap has long decided.
        wait_s = min(options.open_wait_s * 2.0 ** min(self._reopened, 30), longest_s)
        return wait_s * (1 + options.open_wait_jitter * (2 * self._random() - 1))

    # ---- What can be seen -------------------------------------------------------------------------------------------

    def snapshot(self) -> CircuitBreakerSnapshot:
        now_s = self.clock()
        state = self.state
        watched = state if isinstance(state, Closed) else self.closed
        if now_s >= watched.window.edge_s:
            watched.window.roll(now_s)
        calls = watched.window.total
        return CircuitBreakerSnapshot(
            state=state.name,
            generation=self.generation,
            calls=calls,
            failure_rate=watched.window.failures / calls if calls else None,
            slow_call_rate=watched.window.slow / calls if calls else None,
            consecutive_failures=watched.consecutive_failures,
            next_probe_in_s=state.wait_s(now_s) if isinstance(state, Open) else None,
            probes_taken=state.taken if isinstance(state, HalfOpen) else 0,
            rejected=self.rejected,
            stale_results=self.stale_results,
            opened=self.opened,
        )
