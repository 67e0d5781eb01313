"""The dashboard, put together."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI
from starlette.types import Scope

from chassis.app import create_app
from chassis.metrics import HttpMetrics
from services.dashboard import control, page
from services.dashboard.access import Access
from services.dashboard.board import Board
from services.dashboard.channel import Channel
from services.dashboard.collector import Collector
from services.dashboard.commands import Commands
from services.dashboard.places import DnsNames, Places, TopologyFile
from services.dashboard.private_ports import PrivatePorts
from services.dashboard.settings import DashboardSettings
from services.dashboard.show import Show
from services.dashboard.visit_metrics import VisitMetrics
from services.dashboard.visitors import Visitors
from services.dashboard.visits import Visit
from services.dashboard.watch import Watch

log = structlog.get_logger("dashboard")


def steady_clock() -> Callable[[], float]:
    """Seconds since 1970. They never go back, also when the clock of the machine is changed."""
    ahead_s = time.time() - time.monotonic()
    return lambda: ahead_s + time.monotonic()


def build(settings: DashboardSettings) -> FastAPI:
    """The dashboard. It is ready while it runs: the services that it watches may be away."""
    clock = steady_clock()
    board = Board(clock)
    places, ports = _places(settings), PrivatePorts(settings.poll_timeout_s)
    collector = Collector(places, ports)
    commands = Commands(ports, collector)
    show = Show(commands, lambda: bool(board.state["faults"]), clock)
    channel = Channel(
        full=lambda: board.for_a_new_page,
        age_s=lambda: clock() - board.state["at"],
        stopping=lambda: bool(app.state.drain.started),
        max_pages=settings.max_pages,
    )
    watch = Watch(collector, board, channel, settings.poll_interval_s, clock)
    metrics = HttpMetrics()
    visits = VisitMetrics(metrics.registry)

    def record(visit: Visit) -> None:
        visits.count(visit)
        watch.add(visit)

    visitors = Visitors(places.visitors_url, settings.visitors_rate, settings.visitors_patience_s, record)
    token = settings.control_token or secrets.token_urlsafe(24)
    access = Access(token, settings.dashboard_hosts.split())

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        if not settings.control_token:
            # The log has only a token that was made here. A token from the settings is printed by the stack.
            log.warning("control_token_made", address=f"{settings.public_url}/?token={token}")
        async with ports.open():
            tasks = [asyncio.create_task(visitors.run()), asyncio.create_task(watch.run(visitors, show))]
            for task in tasks:
                task.add_done_callback(_log_end)
            try:
                yield
            finally:
                await show.close()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    routes = APIRouter()
    routes.include_router(page.router(access))
    routes.include_router(control.seeing(board, channel, access))
    routes.include_router(control.changing(board, commands, visitors, show, access))
    app = create_app("dashboard", settings, routes, lifespan=running, metrics=metrics, unbounded=_is_stream)
    return app


def _log_end(task: "asyncio.Task[None]") -> None:
    """The tasks end only with the service. If one ends earlier, the log must say so."""
    if not task.cancelled():
        log.error("task_log_end", exc_info=task.exception())


def _places(settings: DashboardSettings) -> Places:
    return TopologyFile(Path(settings.topology_file)) if settings.topology_file else DnsNames(settings.lb_url)


def _is_stream(scope: Scope) -> bool:
    return bool(scope["path"] == control.EVENTS)
