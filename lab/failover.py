"""`make failover`: every fault that the stack must not feel, under load, on the runtime that is up.

The demo tells the main ones; this is the whole list, for the search and for the search behind the gateway. The tests
count the failed requests; the table has the times too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from time import monotonic

from rich.table import Table

from lab.alone import alone
from lab.connection import Connections
from lab.hands import Hands, mend, patiently
from lab.journal import Journal
from lab.load import OpenLoop, Result
from lab.outage import Outage, outage
from lab.request import in_turn, searches
from lab.screen import SLOW_MS
from lab.watch import Watch
from stack.runtime import Announce, Runtime

RATE = 200
_BY_THE_GATEWAY = "/api/products"
ROUTES = ("/products", _BY_THE_GATEWAY)
_HELD_S = 3.0
_CALM_S = 1.0
_PATIENCE_S = 60.0
# Under Docker each look starts a command: it must not take the time of those that serve.
_LOOK_S = 0.5


@dataclass(frozen=True)
class Trial:
    """One fault: what its visitors saw, and how long it took until every replica was back."""

    fault: str
    route: str
    result: Result
    back_s: float


class Stage:
    """A running stack and the faults that can be done to it; each leaves it as it was."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def killed(self, *names: str) -> None:
        """SIGKILL at the same time. To Docker the dead are meant to be down, until `make start` starts each in turn."""
        await self._hands.kill(*names)
        if self._hands.stay_dead:
            await asyncio.sleep(_HELD_S)
            for name in names:
                await self._hands.start(name)

    async def frozen(self, name: str) -> None:
        await self._hands.pause(name)
        await asyncio.sleep(_HELD_S)
        await self._hands.resume()

    async def cut_off(self, name: str) -> None:
        await self._hands.cut(name)
        await asyncio.sleep(_HELD_S)
        await self._hands.join(name)

    async def scaled(self) -> None:
        now = await self._count("products")
        for count in (now + 2, max(1, now - 1), now):
            await self._hands.scale("products", count)

    async def rolled(self) -> None:
        await self._hands.roll("products")

    async def a_gateway_killed(self) -> None:
        now = await self._count("gateway")
        await self._hands.scale("gateway", max(2, now))
        await self.killed("gateway-1")
        await self._hands.scale("gateway", now)

    async def _count(self, service: str) -> int:
        return len((await patiently(self._hands.runtime.status)).of(service))


FAULTS: Mapping[str, Callable[[Stage], Awaitable[None]]] = {
    "kill one": lambda stage: stage.killed("products-1"),
    "kill two": lambda stage: stage.killed("products-1", "products-2"),
    "freeze one": lambda stage: stage.frozen("products-3"),
    "cut one off": lambda stage: stage.cut_off("products-2"),
    "scale 3-5-2": Stage.scaled,
    "restart each": Stage.rolled,
    "kill a gateway": Stage.a_gateway_killed,
}
_NEEDS_A_CUT = "cut one off"


def possible(runtime: Runtime) -> list[str]:
    """The faults that this runtime can do."""
    return [fault for fault in FAULTS if runtime.can_cut or fault != _NEEDS_A_CUT]


async def every(runtime: Runtime, announce: Announce, journal: Journal | None = None) -> tuple[list[Trial], Outage]:
    """All the faults in turn, and the database's outage. A stack that was not up before is taken down again."""
    was_up = await patiently(runtime.is_up)
    try:
        if not was_up:
            await patiently(runtime.up)
        trials = []
        for route, fault in product(ROUTES, possible(runtime)):
            announce(f"{fault}, with visitors of {route}")
            trials.append(await trial(runtime, fault, route, journal=journal))
        announce("stop the database for ten seconds")
        return trials, await outage(runtime)
    finally:
        if not was_up:
            await patiently(runtime.down)


async def trial(
    runtime: Runtime, fault: str, *routes: str, rate: float = RATE, journal: Journal | None = None
) -> Trial:
    """Do one fault to a stack that is up, under load on these routes in turn.

    It begins once the circuits for the search are closed; every replica answers again when this returns.
    """
    hands = Hands(runtime, journal)
    status = await patiently(runtime.status)
    await mend(runtime, status)
    url = status.url
    await _circuits_closed(runtime, url)
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
        return Trial(fault, ", ".join(routes), await load.stop(), back_s)


async def _circuits_closed(runtime: Runtime, url: str) -> None:
    """Visit the gateways, one at a time, until no circuit for the search is open or half open.

    One that a failure of before has opened stays so while nobody asks, and would turn away the first of a crowd.
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
    shown = Table(title=f"{RATE} searches a second", title_justify="left")
    for heading in ("fault", "visitors of"):
        shown.add_column(heading, no_wrap=True)
    for heading in ("sent", "failed", f">{SLOW_MS} ms", "slowest", "back"):
        shown.add_column(heading, justify="right")
    for each in trials:
        result = each.result
        figures = (str(result.sent), str(result.failed), str(result.slower_than(SLOW_MS)), f"{result.max_ms:.0f} ms")
        shown.add_row(each.fault, each.route, *figures, f"{each.back_s:.1f} s")
    return shown
