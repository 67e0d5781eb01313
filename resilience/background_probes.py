"""Background probes: a caller that can have a stale answer does not wait for a probe of the circuit breaker.

It gets the stale answer at once, and the probe is made in the background (stale-while-revalidate, RFC 5861).
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

from resilience.circuit_breaker import CircuitBreaker
from resilience.errors import CircuitOpen
from resilience.fallback import Fallback, Served


class BackgroundProbes:
    """The probes of one circuit breaker, at most `most` of them at once. Each ends after `longest_s`."""

    def __init__(self, breaker: CircuitBreaker, fallback: Fallback[Any], most: int, longest_s: float) -> None:
        self._breaker = breaker
        self._fallback = fallback
        self._most = most
        self._longest_s = longest_s
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, key: Hashable, probe: Callable[[], Awaitable[Any]]) -> Served[Any] | None:
        """The stale answer for a call that would be rejected or be a probe; None for every other call.

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
        # A probe stays due until one has its permit, and the probes that wait for a slot have none yet.
        if len(self._tasks) < self._most:
            task = asyncio.create_task(self._fallback.refresh(key, probe, self._longest_s))
            # The event loop keeps only weak references to its tasks.
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
