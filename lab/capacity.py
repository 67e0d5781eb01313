"""The rate at which a test may load a stack: a quarter of what this machine was just measured to serve.

A stack that gets more than it can serve refuses requests, however well it handles a fault. A test that counts failed
requests must stay far below that on any machine.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lab.closed_loop import Tally, closed_loop
from lab.request import searches
from stack.errors import StackError

MAX_RATE = 200.0
SHARE = 0.25
CONNECTIONS = 8
WARM_UP_S = 0.5
MEASURE_S = 2.0
# So many different searches that the gateway's cache cannot answer them all.
_SEARCHES = 5_000


@dataclass(frozen=True)
class Capacity:
    """What a route of a running stack serves: answers with status 200 a second."""

    route: str
    per_s: float

    @property
    def rate(self) -> float:
        """Requests a second that a test may send to it."""
        return min(MAX_RATE, SHARE * self.per_s)

    def sentence(self) -> str:
        return f"{self.route} serves {self.per_s:.0f} requests a second now, so it gets {self.rate:.0f}."


async def measure(url: str, route: str, load: Callable[..., Awaitable[Tally]] = closed_loop) -> Capacity:
    """Search for some two seconds with 8 connections. StackError if no answer is good."""
    address = urlsplit(url)
    targets = [request.path for request in islice(searches(route), _SEARCHES)]

    async def answers(seconds: float) -> Tally:
        return await load(address.hostname, address.port, targets, connections=CONNECTIONS, seconds=seconds)

    await answers(WARM_UP_S)
    tally = await answers(MEASURE_S)
    if not tally.latencies_s:
        raise StackError(f"{route} serves no request: {', '.join(tally.errors[:1]) or 'it does not answer'}.")
    return Capacity(route, len(tally.latencies_s) / MEASURE_S)
