"""Latency: every request waits before it reaches the service, as with a slow network."""

from math import exp, hypot, log, sqrt
from random import Random
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from chassis.faults.exchange import Exchange
from chassis.faults.fault import RequestFault
from chassis.faults.hold import Hold
from chassis.faults.host import Host

MAX_DELAY_MS = 60_000

_Ms = Annotated[int, Field(le=MAX_DELAY_MS)]


class Latency(RequestFault):
    """The delay of a request. `fixed`: `delay_ms`, up to `jitter_ms` longer or shorter.

    `lognormal`: `delay_ms` is the mean and `jitter_ms` the standard deviation. Real latency has such a distribution:
    usually a little less than the mean, and sometimes much more.
    """

    kind: Literal["latency"]
    delay_ms: _Ms = Field(ge=1)
    jitter_ms: _Ms = Field(0, ge=0)
    distribution: Literal["fixed", "lognormal"] = "fixed"

    _hold: Hold = PrivateAttr(default_factory=Hold)

    async def strike(self, exchange: Exchange, host: Host) -> None:
        await self._hold.keep(exchange, host, self.draw_ms(host.rng) / 1000)

    def clear(self, host: Host) -> None:
        self._hold.let_go()

    def draw_ms(self, rng: Random) -> float:
        """The delay of one request."""
        if self.jitter_ms == 0:
            return self.delay_ms
        if self.distribution == "fixed":
            return max(0.0, self.delay_ms + rng.uniform(-self.jitter_ms, self.jitter_ms))
        # The mean and the deviation of the logarithm: https://en.wikipedia.org/wiki/Log-normal_distribution
        mu = log(self.delay_ms**2 / hypot(self.delay_ms, self.jitter_ms))
        sigma = sqrt(log(1 + (self.jitter_ms / self.delay_ms) ** 2))
        return min(float(MAX_DELAY_MS), exp(rng.gauss(mu, sigma)))
