"""Pipeline: all patterns around the calls of one service, outermost first

    fallback > deadline > retry with budget > circuit breaker > bulkhead > attempt timeout > the call

An open breaker turns a call away before it queues; a permit, though, is taken once the call has its slot and is about
to be dispatched, so that a queued call cannot hold a half-open probe, and our own queue is never billed to the service.

The way of a call that succeeds is one coroutine, `call`, for its speed: it reads and counts the fields of the patterns
which their own documentation allows it to. All else is in methods that only rejected and failed calls enter.
"""

import asyncio
import logging
import math
import random
from asyncio import current_task, get_running_loop
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.circuit_states import Disabled
from resilience.deadline import current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.events import Announcer, CallEnded, CallRejected
from resilience.fallback import Fallback, Served
from resilience.options import SHARED_POOL, PipelineOptions
from resilience.outcome import ClassifyAnswer, ClassifyError, Outcome, classify_error
from resilience.pipeline_state import PipelineSnapshot, Switches
from resilience.retry import Attempt, Ended, Retry, asked_patience_s
from resilience.retry_budget import RetryBudget
from resilience.shared_timer import Cancellable, Nested, SharedTimer
from resilience.time_limit import CallLater, Timer

T = TypeVar("T")

log = logging.getLogger("resilience")

_NEVER = math.inf
_SUCCESS, _FAILURE, _IGNORED = Outcome.SUCCESS, Outcome.FAILURE, Outcome.IGNORED


class Pipeline:
    """The patterns around one service, for the event loop that calls it.

    `clock` is monotonic, and the deadlines' clock too; `call_later` and `sleep` are the event loop's unless a test
    brings its own time. `shared_pool` is the same object in every pipeline that shares it, and `announcer` the one that
    `fallback` has, if the same listeners are to hear of both.
    """

    def __init__(
        self,
        name: str,
        options: PipelineOptions | None = None,
        *,
        fallback: Fallback[Any] | None = None,
        shared_pool: Bulkhead | None = None,
        classify_answer: ClassifyAnswer | None = None,
        classify_error: ClassifyError = classify_error,
        patience_s: Callable[[Ended], float | None] = asked_patience_s,
        announcer: Announcer | None = None,
        clock: Callable[[], float] = monotonic,
        call_later: CallLater | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self.name = name
        self.options = options = options or PipelineOptions()
        self.switches = Switches()
        self.announcer = announcer or Announcer()
        self.circuit_breaker = CircuitBreaker(
            name, options.circuit_breaker, clock=clock, random=random, announcer=self.announcer
        )
        self.bulkhead = Bulkhead(name, options.bulkhead, call_later)
        self.shared_pool = shared_pool or Bulkhead("shared", SHARED_POOL, call_later)
        self.retry_budget = RetryBudget(options.retry_budget, clock())
        self.fallback = fallback
        self._dispatched = 0
        self.succeeded = 0
        self.failed = 0
        self.ignored = 0
        self._timed_out = 0
        self._bulkhead_full = 0
        self._deadline_exceeded = 0
        self._retry = Retry(
            name,
            options.retry,
            self.retry_budget,
            failed=self._is_failure,
            clock=clock,
            sleep=sleep,
            random=random,
            patience_s=patience_s,
            announcer=self.announcer,
        )
        self._probes: set[asyncio.Task[None]] = set()
        self._classify_answer = classify_answer
        self._classify_error = classify_error
        self._clock = clock
        self._timer = SharedTimer(options.attempt_timeout_s, clock, call_later)
        # The switches, as `call` wants them.
        self._timeouts = True
        self._slow_call_s = options.circuit_breaker.slow_call_s
        self._listeners = self.announcer.listeners
        self._pool = self.bulkhead

    # ---- Calls ------------------------------------------------------------------------------------------------------

    async def call(self, call: Callable[[], Awaitable[T]], idempotent: bool = False) -> T:
        """The call's answer. Raises what the call raised, or a Rejection; an idempotent call may be made several times.

        The request's deadline is the one in `current_deadline`, if there is one.
        """
        clock = self._clock
        now_s = clock()
        deadline_s = _NEVER
        if self._timeouts:
            deadline = current_deadline.get()
            if deadline is not None:
                deadline_s = deadline.at_s
                if deadline_s <= now_s:
                    raise self._too_late(now_s)
        breaker = self.circuit_breaker
        closed = breaker.closed
        if breaker.state is not closed:
            breaker.check(now_s)
        timer = self._timer
        # The loop in which the timer waits; whether it still is the running one is dearer to find out than the task.
        task = current_task(timer.loop) or self._arm(timer)
        cancelling = task.cancelling()
        pool = self._pool
        waited_s = 0.0
        if pool.free:
            pool.free -= 1
        elif len(pool.queue) >= pool.max_queued:
            raise self._full(pool, now_s)
        else:
            waited_s = await self._queue(pool, now_s, deadline_s)
            now_s += waited_s
        # From here on the slot is given back on every way out, and once it is taken, the permit too.
        generation = breaker.generation if breaker.state is closed else self._acquire(pool, now_s)
        self._dispatched += 1
        if idempotent:
            originals = self.retry_budget.originals
            if now_s >= originals.edge_s:
                originals.roll(now_s)
            originals.calls += 1
        ends_s = _NEVER
        key: Cancellable | None = None
        own_timer: Timer | None = None
        if self._timeouts:
            ends_s = now_s + timer.timeout_s
            running = timer.running
            if timer.loop is None:
                timer.arm(get_running_loop())
            key = task
            if running.setdefault(task, ends_s) is not ends_s:
                key = Nested(task)
                running[key] = ends_s
            if deadline_s < ends_s:
                own_timer = timer.expire_in(deadline_s - now_s, key)
        try:
            answer = await call()
            outcome = _SUCCESS if self._classify_answer is None else self._classify_answer(answer)
        except BaseException as error:
            expired = key is not None and timer.running.pop(key, None) is None
            told, outcome = self._judge(error, task, cancelling, expired, deadline_s < ends_s)
            if own_timer is not None:
                own_timer.cancel()
            self._end(pool, generation, outcome, now_s, waited_s)
            if outcome is _FAILURE and isinstance(told, Exception) and idempotent and self.switches.retries:
                first: Attempt[T] = Attempt(error=told)
            elif told is error:
                # A variable that keeps an error would make a ring of it, its traceback and this frame.
                del told
                raise
            else:
                try:
                    raise told from None
                finally:
                    del told
            del told
        else:
            if key is not None:
                if timer.running.pop(key, None) is None:
                    # It answered in spite of being cancelled.
                    task.uncancel()
                if own_timer is not None:
                    own_timer.cancel()
            ended_s = clock()
            window = closed.window
            if (
                outcome is _SUCCESS
                and breaker.state is closed
                and generation == breaker.generation
                and ended_s < window.edge_s
                and ended_s - now_s < self._slow_call_s
                and not (window.failures or window.slow or self._listeners)
            ):
                # What `_end` does, where there is nothing to decide or to tell.
                window.calls += 1
                closed.consecutive_failures = 0
                self.succeeded += 1
                if pool.queue or pool.handed:
                    pool.release()
                else:
                    pool.free += 1
                return answer
            self._end(pool, generation, outcome, now_s, waited_s)
            if outcome is not _FAILURE or not idempotent or not self.switches.retries:
                return answer
            first = Attempt(answer)
        # Not a lambda: what it refers to would be slower to reach for every call.
        return await self._retry.after(first, partial(self.call, call), deadline_s, cancelling)

    async def cached_call(self, key: Hashable, call: Callable[[], Awaitable[T]]) -> Served[T]:
        """As `call`, for a read, with the fallback around it; `key` says what is read, and whose.

        Who can be served from memory waits for no probe, not even for that of his own question: it is made beside
        (RFC 5861's stale-while-revalidate).
        """
        if self.fallback is None:
            return Served(await self.call(call, idempotent=True))
        breaker = self.circuit_breaker
        if breaker.state is not breaker.closed and self.switches.fallbacks:
            served = self._from_memory(self.fallback, key, call)
            if served is not None:
                return served
        serve = self.fallback.call if self.switches.fallbacks else self.fallback.remember
        # Who waits for another one's call has no deadline then either.
        token = None if self._timeouts else current_deadline.set(None)
        try:
            return await serve(key, lambda: self.call(call, idempotent=True))
        finally:
            if token is not None:
                current_deadline.reset(token)

    def _from_memory(self, fallback: Fallback[T], key: Hashable, call: Callable[[], Awaitable[T]]) -> Served[T] | None:
        """A stale answer while the circuit is not closed, beside it a probe where one is due; None without either."""
        breaker, now_s = self.circuit_breaker, self._clock()
        due = breaker.would_probe(now_s)
        if (not due and breaker.state.admits(now_s)) or not fallback.has_stale(key):
            return None
        if due:
            # It stays due until a permit is taken, and a probe that waits for a slot has none yet.
            if len(self._probes) < self.options.bulkhead.max_concurrent:
                # Not retried, for its failure opens the circuit; and given up, even where clients wait for ever.
                longest_s = None if self._timeouts else self.options.circuit_breaker.max_open_wait_s
                self._probe(fallback.refresh(key, lambda: self.call(call), longest_s))
        else:
            # Counted and told as the rejection that it is.
            with suppress(CircuitOpen):
                breaker.check(now_s)
        return fallback.stale(key, CircuitOpen.reason)

    def _probe(self, call: Coroutine[Any, Any, None]) -> None:
        """Make a call that nobody waits for. It has the context of whoever would have: the deadline, the trace."""
        task = get_running_loop().create_task(call)
        # The loop itself does not keep a task alive.
        self._probes.add(task)
        task.add_done_callback(self._probes.discard)

    # ---- What only calls come to that are rejected, fail or must wait -----------------------------------------------

    def _arm(self, timer: SharedTimer) -> "asyncio.Task[Any]":
        """The task, where the timer still waits in a loop that has come to its end."""
        loop = get_running_loop()
        timer.arm(loop)
        task = current_task(loop)
        assert task is not None, "whatever awaits in an event loop is a task"
        return task

    def _too_late(self, now_s: float) -> DeadlineExceeded:
        self._deadline_exceeded += 1
        self._announce_rejection(now_s, DeadlineExceeded.reason)
        return DeadlineExceeded()

    def _full(self, pool: Bulkhead, now_s: float) -> BulkheadFull:
        self._bulkhead_full += 1
        self._announce_rejection(now_s, BulkheadFull.reason)
        return pool.rejection()

    async def _queue(self, pool: Bulkhead, now_s: float, deadline_s: float) -> float:
        """Wait for a slot; returns the seconds that it took. No slot is held if it raises."""
        try:
            await pool.acquire(deadline_s - now_s)
        except BulkheadFull:
            ended_s = self._clock()
            if ended_s >= deadline_s:
                raise self._too_late(ended_s) from None
            self._bulkhead_full += 1
            self._announce_rejection(ended_s, BulkheadFull.reason)
            raise
        ended_s = self._clock()
        if ended_s >= deadline_s:
            pool.release()
            raise self._too_late(ended_s)
        return ended_s - now_s

    def _acquire(self, pool: Bulkhead, now_s: float) -> int:
        """A permit of a breaker that is not closed."""
        try:
            return self.circuit_breaker.acquire(now_s)
        except BaseException:
            pool.release()
            raise

    def _judge(
        self, error: BaseException, task: "asyncio.Task[Any]", cancelling: int, expired: bool, cut_short: bool
    ) -> tuple[BaseException, Outcome]:
        """What to raise, and what it says of the service.

        Whoever else cancelled the task comes first, and then the end of the call, whatever it made of it, is nobody's
        failure; nor is it if the deadline left the attempt less than its whole time.
        """
        if (task.uncancel() if expired else task.cancelling()) > cancelling:
            return error, _IGNORED
        if expired and isinstance(error, asyncio.CancelledError):
            error = DeadlineExceeded() if cut_short else AttemptTimeout()
            self._timed_out += not cut_short
            self._deadline_exceeded += cut_short
        if not isinstance(error, Exception) or (expired and cut_short):
            return error, _IGNORED
        return error, self._outcome_of(error)

    def _outcome_of(self, error: Exception) -> Outcome:
        try:
            return self._classify_error(error)
        except Exception:
            log.exception("an error could not be classified")
            return _FAILURE

    def _end(self, pool: Bulkhead, generation: int, outcome: Outcome, started_s: float, waited_s: float) -> None:
        """Give slot and permit back, once the call has ended, and count it."""
        ended_s = self._clock()
        pool.release()
        if outcome is _SUCCESS:
            self.succeeded += 1
        elif outcome is _FAILURE:
            self.failed += 1
        else:
            self.ignored += 1
        self.circuit_breaker.settle(generation, outcome, ended_s - started_s, ended_s)
        if self.announcer.listeners:
            self.announcer.announce(CallEnded(self.name, ended_s, outcome, ended_s - started_s, waited_s))

    def _is_failure(self, ended: Ended) -> bool:
        if isinstance(ended, Exception):
            return self._outcome_of(ended) is _FAILURE
        return self._classify_answer is not None and self._classify_answer(ended) is _FAILURE

    def _announce_rejection(self, now_s: float, reason: str) -> None:
        if self.announcer.listeners:
            self.announcer.announce(CallRejected(self.name, now_s, reason))

    @property
    def in_flight(self) -> int:
        """Calls that were dispatched and have not ended."""
        return self._dispatched - self.succeeded - self.failed - self.ignored

    # ---- At run time ------------------------------------------------------------------------------------------------

    def switch(self, switches: Switches) -> None:
        """Let patterns work or not, from the next call on.

        What a person has made of the breaker stays so, unless it is the breakers that are switched.
        """
        before, self.switches = self.switches, switches
        self._timeouts = switches.timeouts
        self._pool = self.bulkhead if switches.bulkheads else self.shared_pool
        self.retry_budget.enforced = switches.retry_budgets
        breaker = self.circuit_breaker
        if before.circuit_breakers and not switches.circuit_breakers:
            breaker.disable()
        elif switches.circuit_breakers and not before.circuit_breakers and isinstance(breaker.state, Disabled):
            breaker.resume()

    def snapshot(self) -> PipelineSnapshot:
        return PipelineSnapshot(
            name=self.name,
            switches=self.switches,
            circuit_breaker=self.circuit_breaker.snapshot(),
            bulkhead=self._pool.snapshot(),
            retry_budget=self.retry_budget.snapshot(self._clock()),
            fallback=self.fallback.snapshot() if self.fallback is not None else None,
            in_flight=self.in_flight,
            succeeded=self.succeeded,
            failed=self.failed,
            ignored=self.ignored,
            rejected={
                CircuitOpen.reason: self.circuit_breaker.rejected,
                BulkheadFull.reason: self._bulkhead_full,
                AttemptTimeout.reason: self._timed_out,
                DeadlineExceeded.reason: self._deadline_exceeded,
            },
        )
