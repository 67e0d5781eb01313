"""What is simulated: so many replicas, how they fail, and how they come back."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lab.model.durations import Duration, Exponential, Never, Uniform, Weibull
from lab.model.rollout import Rollout, rollout

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
MONTH_S = 730 * HOUR_S
REPLACEMENT = Uniform(60, 90)
"""What the reference experiment found for a task on ECS."""


class Shares(BaseModel):
    """Of all failures of a replica, those with a cause that it shares: the beta factor, by how far the cause reaches.

    `pair`: one more replica (two on one host); `zone`: all in its zone; `every`: all there are (a bad version). The
    rest come alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair: float = Field(0, ge=0, le=1)
    zone: float = Field(0, ge=0, le=1)
    every: float = Field(0, ge=0, le=1)

    @model_validator(mode="after")
    def _leaves_the_rest(self) -> Self:
        if self.pair + self.zone + self.every > 1:
            raise ValueError("the shares of failures with a common cause exceed 1 together")
        return self


@dataclass(frozen=True)
class Setting:
    """`needed`: fewer serving is *degraded*, they cannot take the load; fewer than `needed_min` is *down*.

    `launches_per_s`: how fast a scheduler starts replacements, one after the other. `zone_over_s`, `every_over_s`: what
    has taken a zone, or all, lasts so long; replacements are launched when it is over. All other failures are over at
    once.
    """

    replicas: int
    zones: int = 1
    needed: int = 1
    needed_min: int = 1
    minimum_healthy: int = 100
    maximum: int = 200
    mtbf_s: float = 30 * DAY_S
    shape: float = 1.0
    shares: Shares = field(default_factory=Shares)
    replacement: Duration = REPLACEMENT
    deployments_a_month: float = 0
    launches_per_s: float = float("inf")
    zone_over_s: float = 0.0
    every_over_s: float = 0.0

    def __post_init__(self) -> None:
        if self.replicas < 1 or self.zones < 1:
            raise ValueError(f"{self.replicas} replicas in {self.zones} zones are none")
        if not 1 <= self.needed_min <= self.needed:
            raise ValueError(f"needed_min is {self.needed_min}: it must be from 1 to needed, which is {self.needed}")
        if min(self.mtbf_s, self.shape, self.replacement.mean_s, self.launches_per_s) <= 0:
            raise ValueError("times, rates and the shape must be positive")
        if min(self.zone_over_s, self.every_over_s) < 0:
            raise ValueError("what has taken a zone, or all, cannot be over before it began")
        if self.deployments_a_month < 0:
            raise ValueError("there cannot be fewer than no deployments")
        if self.deployments_a_month:
            _ = self.rollout

    @cached_property
    def rollout(self) -> Rollout:
        return rollout(self.replicas, self.minimum_healthy, self.maximum)

    def zone_of(self, number: int) -> int:
        """Replicas are spread over the zones in turn."""
        return number % self.zones

    def zone_sizes(self) -> list[int]:
        """Replicas in each zone; a zone may have none."""
        return [len(range(zone, self.replicas, self.zones)) for zone in range(self.zones)]

    @property
    def longest_outage_s(self) -> float:
        """So long one failure is felt at most, where no other comes into it."""
        over_s = max(self.zone_over_s if self.each_zone_per_s else 0.0, self.every_over_s if self.every_per_s else 0.0)
        return over_s + self.replicas / self.launches_per_s + self.replacement.longest_s

    # A replica fails once in `mtbf_s` on average, whatever the shares are: these rates add up to that for each.

    @property
    def alone_per_s(self) -> float:
        """Failures of one replica that come alone; where there is no second, a pair is one alone."""
        pair = self.shares.pair if self.replicas > 1 else 0
        return (1 - pair - self.shares.zone - self.shares.every) / self.mtbf_s

    @property
    def each_pair_per_s(self) -> float:
        """Common causes of two certain replicas."""
        return self.shares.pair / self.mtbf_s / (self.replicas - 1) if self.replicas > 1 else 0.0

    @property
    def pairs_per_s(self) -> float:
        """Common causes of any two replicas."""
        return self.each_pair_per_s * self.replicas * (self.replicas - 1) / 2

    @property
    def each_zone_per_s(self) -> float:
        """Common causes of all replicas in one certain zone."""
        return self.shares.zone / self.mtbf_s

    @property
    def every_per_s(self) -> float:
        """Common causes of all replicas."""
        return self.shares.every / self.mtbf_s

    @cached_property
    def time_to_failure(self) -> Duration:
        """Of one replica that fails alone."""
        if self.alone_per_s <= 0:
            return Never()
        if self.shape == 1:
            return Exponential(1 / self.alone_per_s)
        return Weibull(1 / self.alone_per_s, self.shape)
