"""The faults that are on, at most one of each kind, and the end of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Gauge
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Fault, RequestFault
from chassis.faults.host import Host, Timer
from chassis.faults.kinds import KINDS

log = structlog.get_logger("chassis")


@dataclass(frozen=True, slots=True)
class _Active:
    fault: Fault
    ends_at: float
    timer: Timer


class ActiveFaults:
    """The faults that are on. They act only on requests for `routes`, so never on probes or metrics."""

    def __init__(self, host: Host, routes: Sequence[BaseRoute], registry: CollectorRegistry) -> None:
        self.host = host
        self.striking: tuple[RequestFault, ...] = ()
        """The faults that act on requests. While it is empty, `strike` does nothing."""
        self._routes = routes
        self._active: dict[str, _Active] = {}
        self._gauge = Gauge("afloat_faults_active", "Faults that are on, by kind.", ("kind",), registry=registry)
        for kind in KINDS:
            self._gauge.labels(kind)

    def inject(self, fault: Fault) -> None:
        """Start this fault. It replaces an earlier fault of its kind, and ends after `for_s`."""
        self._clear(fault.kind)
        fault.inject(self.host)
        timer = self.host.call_later(fault.for_s, partial(self._clear, fault.kind))
        self._active[fault.kind] = _Active(fault, self.host.clock() + fault.for_s, timer)
        self._changed(fault.kind)
        log.warning("fault_injected", **fault.model_dump())

    def clear(self) -> None:
        """End all faults."""
        for kind in tuple(self._active):
            self._clear(kind)

    def describe(self) -> list[dict[str, Any]]:
        """The active faults as they were requested, with their remaining seconds."""
        now = self.host.clock()
        return [
            active.fault.model_dump() | {"left_s": max(0.0, round(active.ends_at - now, 3))}
            for active in self._active.values()
        ]

    async def strike(self, scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Let the faults act on a request. Returns the `receive` and `send` with which the service is then called.

        Raises a Problem if that is the answer, or ClientDisconnect if the client has gone.
        """
        route = next((route for route in self._routes if route.matches(scope)[0] is Match.FULL), None)
        if route is None:
            return receive, send
        # The metrics need the route, and a fault may prevent that the service sets it.
        scope["route"] = route
        exchange = Exchange(scope, receive, send)
        for fault in self.striking:
            # A fault may have ended while the request waited for another one.
            if self._is_on(fault):
                await fault.strike(exchange, self.host)
        return exchange.receive, exchange.send

    def _is_on(self, fault: Fault) -> bool:
        active = self._active.get(fault.kind)
        return active is not None and active.fault is fault

    def _clear(self, kind: str) -> None:
        active = self._active.pop(kind, None)
        if active is None:
            return
        active.timer.cancel()
        self._changed(kind)
        active.fault.clear(self.host)
        log.warning("fault_cleared", kind=kind)

    def _changed(self, kind: str) -> None:
        self._gauge.labels(kind).set(kind in self._active)
        on = (self._active[kind].fault for kind in KINDS if kind in self._active)
        self.striking = tuple(fault for fault in on if isinstance(fault, RequestFault))
