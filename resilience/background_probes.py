"""Background probes: a caller that can have a stale answer does not wait for a probe of the circuit breaker.

It gets the stale answer at once, and the probe runs in the background (stale-while-revalidate, RFC 5861). The breaker
decides whether a probe may run, the fallback has the stale answer, and this file brings the two together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
from resilience.fallback import Fallback, Served


class BackgroundProbes:
    """The probes of one circuit breaker, at most `max_probes` at the same time. Each has `timeout_s`."""

    def __init__(self, breaker: CircuitBreaker, fallback: Fallback[Any], max_probes: int, timeout_s: float) -> None:
        self._breaker = breaker
        self._fallback = fallback
        self._max_probes = max_probes
        self._timeout_s = timeout_s
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, key: Hashable, probe: Callable[[], Awaitable[Any]]) -> Served[Any] | None:
        """The stale answer, if there is one, for a call that would be rejected or be a probe. Otherwise None.

        `probe` makes the call. It inherits the deadline of the request.
        """
        if self._breaker.is_closed or not self._fallback.has_stale(key):
            return None
        if self._breaker.probe_due():
            self._start(key, probe)
        else:
            try:
                self._breaker.check()
            except CircuitOpen:
                pass
            else:
                return None
        return self._fallback.stale(key, CircuitOpen.reason)

    def _start(self, key: Hashable, probe: Callable[[], Awaitable[Any]]) -> None:
        # A probe that waits for a slot has no permit yet, so `probe_due` stays true: the number of tasks needs a limit.
        if len(self._tasks) < self._max_probes:
            task = asyncio.create_task(self._fallback.refresh(key, probe, self._timeout_s))
            # The event loop keeps only weak references to its tasks.
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
