"""Visitors who search all the time, while something is done to the stack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from lab.capacity import measure
from lab.hands import patiently
from lab.load import OpenLoop, searches
from lab.result import Result
from stack.runtime import Runtime
from stack.waiting import until

# Three engines share the machine with the stack: under more load it would refuse requests, whatever is done to it.
MAX_RATE = 40.0
_SEEN_TIMEOUT_S = 30.0


class Crowd:
    """A load on the product search; `result` is what it saw, once it is over."""

    def __init__(self, load: OpenLoop) -> None:
        self._load = load
        self.result: Result | None = None

    async def wait_served_by(self, *replicas: str) -> float:
        """Until each has answered a request that was due later than this call; returns when that was."""
        since_s = monotonic()

        def served() -> bool:
            return all(self._load.seen.get(name, 0.0) > since_s for name in replicas)

        await patiently(until, served, _SEEN_TIMEOUT_S, lambda: f"{self._load.seen} since {since_s}")
        return monotonic()

    @property
    def answered(self) -> Result:
        assert self.result is not None
        return self.result


@asynccontextmanager
async def crowd(runtime: Runtime) -> AsyncIterator[Crowd]:
    """Searches at a constant rate as long as this lasts; none is ever sent twice."""
    status = await patiently(runtime.status)
    capacity = await measure(status.url, "/products")
    print(capacity.sentence())
    async with OpenLoop(status.url, rate=min(MAX_RATE, capacity.rate), requests=searches()) as load:
        visitors = Crowd(load)
        await visitors.wait_served_by(*(replica.name for replica in status.of("products")))
        yield visitors
        visitors.result = await load.stop()
