"""Looks at a running stack again and again while a load goes on: its replicas, its gateways' patterns, its counters.

Each look is asked for on a thread. On Docker a look costs processes, which take the time of those that serve: there it
looks less often.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Any, Self

from lab.hands import patiently
from lab.measure_names import DEPENDENCIES
from stack.asking import ask_each
from stack.errors import StackError
from stack.model import Replica
from stack.reply import ASK_TIMEOUT_S
from stack.runtime import Runtime

# By the runtime (Swarm as Docker): seconds between looks at the states, at the patterns, at the counters.
EVERY_S: Mapping[str, tuple[float, float, float]] = {
    "local": (0.5, 0.25, 1.0),
    "docker": (3.0, 2.0, 4.0),
}
_ASK_TIMEOUT_S = 1.0
_REQUESTS = re.compile(r"^afloat_http_requests_total\{(?P<labels>.*)\} (?P<value>\S+)$", re.MULTILINE)
_NOT_VISITORS = re.compile(r'route="(/(livez|readyz|metrics|faults|patterns)|unmatched)')


@dataclass(frozen=True)
class StatesLook:
    """The state and restarts of every replica, on the monotonic clock."""

    at_s: float
    replicas: Sequence[Replica]

    def ready(self, service: str) -> int:
        return sum(each.state == "ready" for each in self.replicas if each.service == service)

    def as_many_as(self, first: "StatesLook") -> bool:
        """Whether of each service as many are ready as there were then; one more that is starting is not missing."""
        counts = Counter(each.service for each in first.replicas)
        return all(self.ready(service) >= count for service, count in counts.items())

    @property
    def whole(self) -> bool:
        return all(each.state == "ready" for each in self.replicas)


@dataclass(frozen=True)
class PatternsLook:
    """What every gateway that answered says of each dependency: `gateways[name][dependency]` is its snapshot."""

    at_s: float
    gateways: Mapping[str, Mapping[str, Any]]

    def breakers(self, dependency: str) -> set[str]:
        return {str(each[dependency]["circuit_breaker"]["state"]) for each in self.gateways.values()}

    def in_flight(self, dependency: str) -> int:
        """Calls being made, and those that wait for a slot of its own: who waits in a shared queue is not known."""
        return sum(
            int(each[dependency]["in_flight"]) + (0 if _shares(each[dependency]) else _queued(each[dependency]))
            for each in self.gateways.values()
        )

    def in_flight_of_all(self) -> int:
        """Calls of all dependencies; every snapshot of a shared pool tells the same queue, which counts once."""
        shared = (
            max((_queued(each[name]) for name in DEPENDENCIES if _shares(each[name])), default=0)
            for each in self.gateways.values()
        )
        return sum(self.in_flight(name) for name in DEPENDENCIES) + sum(shared)

    def closed(self, dependency: str) -> bool:
        """Whether no gateway that answered turns calls away, nor lets but a few through."""
        return not self.breakers(dependency) & {"open", "half_open"}

    @property
    def whole(self) -> bool:
        return all(map(self.closed, DEPENDENCIES))


@dataclass
class Seen:
    """All looks of a run. `calls[service]`: how many requests each of its replicas had answered, by time."""

    states: list[StatesLook] = field(default_factory=list)
    patterns: list[PatternsLook] = field(default_factory=list)
    calls: dict[str, list[tuple[float, dict[str, float]]]] = field(default_factory=dict)


class Watch:
    """`async with Watch(...) as watch:` looks in the background; `watch.seen` is what it saw."""

    def __init__(self, runtime: Runtime, *, patterns: bool, calls: bool) -> None:
        self._runtime = runtime
        self._patterns = patterns
        self._calls = calls
        self.seen = Seen()
        self._loops: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        states_s, patterns_s, calls_s = EVERY_S.get(self._runtime.name, EVERY_S["docker"])
        await self.look()
        self._loops = [asyncio.create_task(_repeat(self._look_at_states, states_s))]
        if self._patterns:
            self._loops.append(asyncio.create_task(_repeat(self._look_at_patterns, patterns_s)))
        if self._calls:
            self._loops.append(asyncio.create_task(_repeat(self._look_at_calls, calls_s)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for each in self._loops:
            each.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)

    async def look(self) -> None:
        """Look at everything now."""
        await self._look_at_states()
        if self._patterns:
            await self._look_at_patterns()
        if self._calls:
            await self._look_at_calls()

    @property
    def whole(self) -> bool:
        """Whether, by the last looks, every replica is ready and every breaker closed."""
        return self.seen.states[-1].whole and (not self._patterns or self.seen.patterns[-1].whole)

    async def _look_at_states(self) -> None:
        try:
            status = await patiently(self._runtime.status)
        except StackError:
            return
        self.seen.states.append(StatesLook(monotonic(), status.replicas))

    async def _look_at_patterns(self) -> None:
        replies = await self._ask(self._names("gateway"), "/patterns")
        gateways = {name: reply.json()["dependencies"] for name, reply in replies.items() if reply.status == 200}
        self.seen.patterns.append(PatternsLook(monotonic(), gateways))

    async def _look_at_calls(self) -> None:
        names = [name for service in (*DEPENDENCIES, "gateway") for name in self._names(service)]
        replies = await self._ask(names, "/metrics", ASK_TIMEOUT_S)
        for service in (*DEPENDENCIES, "gateway"):
            readings = self.seen.calls.setdefault(service, [])
            # Who does not answer has counted what it had counted.
            counts = dict(readings[-1][1]) if readings else {}
            for name, reply in replies.items():
                if name.startswith(f"{service}-"):
                    counts[name] = requests_of_visitors(reply.body.decode())
            readings.append((monotonic(), counts))

    async def _ask(self, names: Sequence[str], path: str, timeout_s: float = _ASK_TIMEOUT_S) -> Mapping[str, Any]:
        replies = await patiently(ask_each, self._runtime, names, "GET", path, timeout_s=timeout_s)
        return replies.given

    def _names(self, service: str) -> list[str]:
        if not self.seen.states:
            return []
        return [each.name for each in self.seen.states[-1].replicas if each.service == service]


def _shares(snapshot: Mapping[str, Any]) -> bool:
    return not snapshot["switches"]["bulkheads"]


def _queued(snapshot: Mapping[str, Any]) -> int:
    return int(snapshot["bulkhead"]["queued"])


def requests_of_visitors(exposition: str) -> float:
    """The requests that a service counted, without those for its own port."""
    return sum(
        float(match["value"]) for match in _REQUESTS.finditer(exposition) if not _NOT_VISITORS.search(match["labels"])
    )


async def _repeat(look: Callable[[], Awaitable[None]], every_s: float) -> None:
    while True:
        began_s = monotonic()
        await look()
        await asyncio.sleep(max(0.05, began_s + every_s - monotonic()))
