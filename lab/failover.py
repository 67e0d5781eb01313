"""`make failover`: every fault that must cost no request, under load, on the runtime that is up.

The demo shows the main faults; this is the whole list, for the search and for the search behind the gateway. The tests
count the failed requests; the table has the times too. The load is a quarter of what each route serves (`capacity.py`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from rich.table import Table

from lab.alone import alone
from lab.capacity import Capacity, measure
from lab.connection import Connections
from lab.failover_faults import FAULTS, Stage, possible
from lab.hands import Hands, mend, patiently
from lab.journal import Journal
from lab.load import OpenLoop, Result
from lab.outage import Outage, outage
from lab.request import in_turn, searches
from lab.screen import SLOW_MS
from lab.watch import Watch
from stack.runtime import Announce, Runtime

_BY_THE_GATEWAY = "/api/products"
ROUTES = ("/products", _BY_THE_GATEWAY)
_CALM_S = 1.0
_PATIENCE_S = 60.0
# Under Docker each look starts a command: it must not take the time of those that serve.
_LOOK_S = 0.5


@dataclass(frozen=True)
class Trial:
    """One fault: the visitors' rate, what they saw, and how long it took until every replica was back."""

    fault: str
    route: str
    rate: float
    result: Result
    back_s: float


async def every(runtime: Runtime, announce: Announce, journal: Journal | None = None) -> tuple[list[Trial], Outage]:
    """All the faults in turn, and the database's outage. A stack that was not up before is taken down again."""
    was_up = await patiently(runtime.is_up)
    try:
        if not was_up:
            await patiently(runtime.up)
        trials = []
        for route in ROUTES:
            capacity = await capacity_of(runtime, route, journal)
            announce(capacity.sentence())
            for fault in possible(runtime):
                announce(f"{fault}, with visitors of {route}")
                trials.append(await trial(runtime, fault, route, rate=capacity.rate, journal=journal))
        announce("stop the database for ten seconds")
        return trials, await outage(runtime)
    finally:
        if not was_up:
            await patiently(runtime.down)


async def capacity_of(runtime: Runtime, route: str, journal: Journal | None = None) -> Capacity:
    """What a route of a stack that is up serves now."""
    url = await _at_its_best(runtime)
    async with alone(runtime, journal or Journal()):
        return await measure(url, route)


async def trial(runtime: Runtime, fault: str, *routes: str, rate: float, journal: Journal | None = None) -> Trial:
    """Do one fault to a stack that is up, under load on these routes in turn.

    It begins once the circuits for the search are closed; every replica answers again when this returns.
    """
    hands = Hands(runtime, journal)
    url = await _at_its_best(runtime)
    async with (
        alone(runtime, hands.journal),
        OpenLoop(url, rate=rate, requests=in_turn(*map(searches, routes))) as load,
    ):
        await asyncio.sleep(_CALM_S)
        begun_s = monotonic()
        try:
            await FAULTS[fault](Stage(hands))
        finally:
            await hands.undo()
        await _all_back(runtime, load)
        back_s = monotonic() - begun_s
        await asyncio.sleep(_CALM_S)
        return Trial(fault, ", ".join(routes), rate, await load.stop(), back_s)


async def _at_its_best(runtime: Runtime) -> str:
    """Mend the stack and wait until the circuits for the search are closed; returns its URL."""
    status = await patiently(runtime.status)
    await mend(runtime, status)
    await _circuits_closed(runtime, status.url)
    return status.url


async def _circuits_closed(runtime: Runtime, url: str) -> None:
    """Visit the gateways, one request at a time, until no circuit for the search is open or half open.

    A circuit that an earlier failure opened stays open without visitors, and would reject the first ones of the load.
    """
    watch = Watch(runtime, patterns=True, calls=False)
    visits, visitors = searches(_BY_THE_GATEWAY), Connections(url)
    since_s = monotonic()
    try:
        while True:
            await watch.look()
            seen = watch.seen.patterns[-1]
            if seen.gateways and seen.closed("products"):
                return
            if monotonic() > since_s + _PATIENCE_S:
                raise TimeoutError("A gateway's circuit for the search does not close.")
            for _ in seen.gateways:
                await visitors.send(next(visits), _PATIENCE_S)
            await asyncio.sleep(_LOOK_S)
    finally:
        await visitors.close()


async def _all_back(runtime: Runtime, load: OpenLoop) -> None:
    """Wait until every replica is ready, and each of the search has answered a visitor since."""
    since_s = monotonic()
    status = await patiently(runtime.status)
    while not (status.ready and all(load.seen.get(each.name, 0.0) > since_s for each in status.of("products"))):
        if monotonic() > since_s + _PATIENCE_S:
            raise TimeoutError(f"Not every replica answers again: {status.to_json()['replicas']}")
        await asyncio.sleep(_LOOK_S)
        status = await patiently(runtime.status)


def why_failed(trial: Trial) -> str:
    """What those requests got that failed."""
    reasons = ", ".join(f"{reason}: {number}" for reason, number in trial.result.failures.most_common())
    return f"{trial.fault}, with visitors of {trial.route}: {reasons}"


def table(trials: Sequence[Trial]) -> Table:
    """The trials for people."""
    rates = {each.route: each.rate for each in trials}
    title = "Searches a second: " + ", ".join(f"{route} {rate:.0f}" for route, rate in rates.items())
    shown = Table(title=title, title_justify="left")
    for heading in ("fault", "visitors of"):
        shown.add_column(heading, no_wrap=True)
    for heading in ("sent", "failed", f">{SLOW_MS} ms", "slowest", "back"):
        shown.add_column(heading, justify="right")
    for each in trials:
        result = each.result
        figures = (str(result.sent), str(result.failed), str(result.slower_than(SLOW_MS)), f"{result.max_ms:.0f} ms")
        shown.add_row(each.fault, each.route, *figures, f"{each.back_s:.1f} s")
    return shown
