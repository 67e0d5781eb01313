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
    """`routes` are the service's own: requests for anything else, such as probes, are never struck."""

    def __init__(self, host: Host, routes: Sequence[BaseRoute], registry: CollectorRegistry) -> None:
        self.host = host
        self.striking: tuple[RequestFault, ...] = ()
        """Those that act on requests. While it is empty nobody need call `strike`."""
        self._routes = routes
        self._active: dict[str, _Active] = {}
        self._gauge = Gauge("afloat_faults_active", "Faults that are on, by kind.", ("kind",), registry=registry)
        for kind in KINDS:
            self._gauge.labels(kind)

    def inject(self, fault: Fault) -> None:
        """Begin this fault in place of the one of its kind, if there is one; it ends by itself."""
        self._clear(fault.kind)
        fault.inject(self.host)
        timer = self.host.call_later(fault.for_s, partial(self._clear, fault.kind))
        self._active[fault.kind] = _Active(fault, self.host.clock() + fault.for_s, timer)
        self._changed(fault.kind)
        log.warning("fault_injected", **fault.model_dump())

    def clear(self) -> None:
        """End all of them; where none is on, nothing happens."""
        for kind in tuple(self._active):
            self._clear(kind)

    def describe(self) -> list[dict[str, Any]]:
        """Each as it was asked for, with the seconds that it has left."""
        now = self.host.clock()
        return [
            each.fault.model_dump() | {"left_s": max(0.0, round(each.ends_at - now, 3))}
            for each in self._active.values()
        ]

    async def strike(self, scope: Scope, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """Let the faults act on a request; returns what the service is to be called with, if it still is.

        Raises a Problem to answer with, or ClientDisconnect where nobody is left to be answered.
        """
        route = next((route for route in self._routes if route.matches(scope)[0] is Match.FULL), None)
        if route is None:
            return receive, send
        # The service may never come to say so itself, and the metrics are by route.
        scope["route"] = route
        exchange = Exchange(scope, receive, send)
        for fault in self.striking:
            # Some may have ended while the request waited for another.
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
