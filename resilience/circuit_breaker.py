"""Circuit breaker: a service that fails too often is not called for a while, and its callers get an error at once.

    CLOSED --(too many failures or slow calls)--> OPEN --(wait is over)--> HALF_OPEN --(all probes succeed)--> CLOSED
                                                   ^                            |
                                                   +--(a probe fails or hangs)--+

An operator can also force it open, disable it, or make it count without opening; `resume` undoes each of the three.
After M. Nygard, "Release It!". The states and options are those of resilience4j.

Only the breaker changes its own state, in `_transition`. `record` gets the outcome of every call, and a state
(`circuit_states.py`) decides whether it is time for a change.

Everything here is synchronous: no other task can run between the check of the state and the permit. Every change of
state starts a new generation. A permit stores its generation. A result from an older generation changes nothing.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from resilience.circuit_states import Closed, Disabled, ForcedOpen, HalfOpen, MetricsOnly, Open, State, Verdict
from resilience.errors import CircuitOpen
from resilience.events import Announcer, CallRejected, StateChanged
from resilience.options import CircuitBreakerOptions
from resilience.outcome import Outcome


@dataclass(frozen=True, slots=True)
class CircuitBreakerSnapshot:
    """The values for a dashboard. The rates are shares of the `calls` in the window, None if there are none.

    `next_probe_in_s` is None unless the circuit is open and waits for its next probe.
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
    """The right to make one call. Settle it exactly once, with the outcome of the call."""

    __slots__ = ("_breaker", "_settled", "generation", "started_s")

    def __init__(self, breaker: "CircuitBreaker", generation: int, started_s: float) -> None:
        self.generation = generation
        self.started_s = started_s
        self._breaker = breaker
        self._settled = False

    def settle(self, outcome: Outcome) -> None:
        if self._settled:
            raise RuntimeError("this permit is already settled")
        self._settled = True
        self._breaker.record(self, outcome)


class CircuitBreaker:
    """The breaker of one service. `clock` is monotonic, `random` returns numbers from 0 to 1."""

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
        # `snapshot` shows the calls of this state, also after the circuit has opened.
        self._last_closed = Closed(self.options, clock())
        self.state: State = self._last_closed
        self._clock = clock
        self._random = random
        self._announcer = announcer or Announcer()
        self._generation = 0
        self._rejected = 0
        self._stale_results = 0
        self._opened = 0
        # How many times a probe has failed since the circuit was last closed.
        self._reopened = 0
        # `resume` goes back to this state; None means to closed.
        self._resume_to: Open | None = None

    # ---- Calls ------------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise CircuitOpen if `acquire` would raise it now. This takes no permit: the call may have to queue first."""
        now_s = self._clock()
        if not self._admits(now_s):
            raise self._rejection(now_s)

    def acquire(self) -> Permit:
        """A permit for a call that begins now. Raises CircuitOpen."""
        now_s = self._clock()
        if not self._admits(now_s):
            raise self._rejection(now_s)
        if isinstance(self.state, Open):
            self._transition(HalfOpen(self.options), "wait_over", now_s)
        self.state.take(now_s)
        return Permit(self, self._generation, now_s)

    def record(self, permit: Permit, outcome: Outcome) -> None:
        """Count the result of a permit; `Permit.settle` calls this."""
        if permit.generation != self._generation:
            self._stale_results += outcome is not Outcome.IGNORED
            return
        now_s = self._clock()
        verdict = self.state.record(outcome, permit.started_s, now_s)
        if verdict is not None:
            self._follow(verdict, now_s)

    @property
    def is_closed(self) -> bool:
        return type(self.state) is Closed

    def probe_due(self) -> bool:
        """Whether a call that comes now would be a probe. Unlike `check`, this counts no rejection."""
        return isinstance(self.state, Open | HalfOpen) and self._admits(self._clock())

    def _admits(self, now_s: float) -> bool:
        """Whether a call would get a permit now. If a probe hangs for too long, this opens the circuit again.

        There is no timer for that: the next call finds out, and without calls it makes no difference.
        """
        if self.state.admits(now_s):
            return True
        if self.state.overdue(now_s):
            self._follow(Verdict.PROBE_OVERDUE, now_s)
        return False

    def _rejection(self, now_s: float) -> CircuitOpen:
        self._rejected += 1
        self._announcer.announce(CallRejected(self.name, now_s, CircuitOpen.reason))
        return CircuitOpen(self.name, self.state.wait_s(now_s))

    # ---- Manual controls --------------------------------------------------------------------------------------------

    def force_open(self) -> None:
        """Reject every call until `resume` or `reset`."""
        self._control(ForcedOpen())

    def disable(self) -> None:
        """Let every call through and count nothing, until `resume` or `reset`."""
        self._control(Disabled())

    def watch_only(self) -> None:
        """Let every call through and count it, until `resume` or `reset`."""
        self._control(MetricsOnly(self.options, self._clock()))

    def resume(self) -> None:
        """Undo the manual control. The circuit is open, with the rest of its wait, if it was open or half-open before.

        In every other case it is closed.
        """
        if isinstance(self.state, ForcedOpen | Disabled | MetricsOnly):
            now_s = self._clock()
            self._transition(self._resume_to or Closed(self.options, now_s), "resumed", now_s)

    def reset(self) -> None:
        """Close the circuit and forget all results, from every state."""
        now_s = self._clock()
        self._transition(Closed(self.options, now_s), "reset", now_s)

    def _control(self, state: State) -> None:
        before, now_s = self.state, self._clock()
        if type(before) is type(state):
            return
        if isinstance(before, HalfOpen):
            # The results of the probes under way no longer count, so new probes are due at once.
            self._resume_to = Open(now_s)
        elif not isinstance(before, ForcedOpen | Disabled | MetricsOnly):
            self._resume_to = before if isinstance(before, Open) else None
        self._transition(state, "manual", now_s)

    # ---- The transitions: nowhere else, and never with an await -----------------------------------------------------

    def _follow(self, verdict: Verdict, now_s: float) -> None:
        if verdict is Verdict.PROBES_SUCCEEDED:
            self._transition(Closed(self.options, now_s), verdict.value, now_s)
            return
        self._reopened = self._reopened + 1 if isinstance(self.state, HalfOpen) else 0
        self._opened += 1
        self._transition(Open(now_s + self._open_wait_s()), verdict.value, now_s)

    def _transition(self, state: State, cause: str, now_s: float) -> None:
        before, self.state = self.state, state
        self._generation += 1
        if isinstance(state, Closed):
            self._last_closed = state
        wait_s = state.wait_s(now_s) if isinstance(state, Open) else None
        event = StateChanged(self.name, now_s, before.name, state.name, cause, self._generation, wait_s)
        self._announcer.announce(event)

    def _open_wait_s(self) -> float:
        options = self.options
        # The cap applies before the jitter: if it cut the jittered wait, half of all breakers would wait equally long.
        longest_s = options.max_open_wait_s / (1 + options.open_wait_jitter)
        # The limit of 30 prevents an overflow. The cap is reached long before.
        wait_s = min(options.open_wait_s * 2.0 ** min(self._reopened, 30), longest_s)
        return wait_s * (1 + options.open_wait_jitter * (2 * self._random() - 1))

    # ---- Snapshot ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> CircuitBreakerSnapshot:
        state, now_s = self.state, self._clock()
        window = self._last_closed.window
        window.forget_old(now_s)
        return CircuitBreakerSnapshot(
            state=state.name,
            generation=self._generation,
            calls=window.calls,
            failure_rate=window.failures / window.calls if window.calls else None,
            slow_call_rate=window.slow / window.calls if window.calls else None,
            consecutive_failures=self._last_closed.consecutive_failures,
            next_probe_in_s=state.wait_s(now_s) if isinstance(state, Open) else None,
            probes_taken=state.taken if isinstance(state, HalfOpen) else 0,
            rejected=self._rejected,
            stale_results=self._stale_results,
            opened=self._opened,
        )
