"""What the model simulates: the number of replicas, how they fail, and how they come back."""

from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lab.model.rollout import Rollout, rollout

MINUTE_S = 60.0
HOUR_S = 60 * MINUTE_S
DAY_S = 24 * HOUR_S
MONTH_S = 730 * HOUR_S


class Duration(Protocol):
    """How long something takes, drawn anew each time."""

    @property
    def mean_s(self) -> float: ...

    def draw(self, random: Random) -> float: ...


@dataclass(frozen=True)
class Uniform:
    """Every length between the two is equally likely."""

    low_s: float
    high_s: float

    @property
    def mean_s(self) -> float:
        return (self.low_s + self.high_s) / 2

    def draw(self, random: Random) -> float:
        return random.uniform(self.low_s, self.high_s)

    def share_within(self, seconds: float) -> float:
        """The probability that it takes at most this long."""
        if self.high_s == self.low_s:
            return float(seconds >= self.low_s)
        return min(1.0, max(0.0, (seconds - self.low_s) / (self.high_s - self.low_s)))


class Shares(BaseModel):
    """The shares of a replica's failures that have a common cause (the beta factor); the rest are independent.

    `pair`: takes one more replica (two on one host); `zone`: all replicas in its zone; `every`: all replicas (a bad
    version).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair: float = Field(0, ge=0, le=1)
    zone: float = Field(0, ge=0, le=1)
    every: float = Field(0, ge=0, le=1)

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        if self.pair + self.zone + self.every > 1:
            raise ValueError("the shares of failures with a common cause exceed 1 together")
        return self


@dataclass(frozen=True)
class Setting:
    """With fewer than `needed` replicas serving the service is *degraded*, with fewer than `needed_min` it is *down*.

    The scheduler starts `launches_per_s` replacements, one after the other. After a zone or all replicas are lost, the
    first replacement starts `zone_outage_s` or `every_outage_s` later. After all other failures it starts at once.
    """

    replicas: int
    zones: int = 1
    needed: int = 1
    needed_min: int = 1
    minimum_healthy: int = 100
    maximum: int = 200
    mtbf_s: float = 30 * DAY_S
    shares: Shares = field(default_factory=Shares)
    replacement: Duration = Uniform(60, 90)
    deployments_a_month: float = 0
    launches_per_s: float = float("inf")
    zone_outage_s: float = 0.0
    every_outage_s: float = 0.0

    def __post_init__(self) -> None:
        if self.replicas < 1 or self.zones < 1:
            raise ValueError(f"{self.replicas} replicas in {self.zones} zones: both must be at least 1")
        if not 1 <= self.needed_min <= self.needed:
            raise ValueError(f"needed_min is {self.needed_min}: it must be from 1 to needed, which is {self.needed}")
        if min(self.mtbf_s, self.replacement.mean_s, self.launches_per_s) <= 0:
            raise ValueError("the times and rates of failures and replacements must be positive")
        if min(self.zone_outage_s, self.every_outage_s, self.deployments_a_month) < 0:
            raise ValueError("an outage's length and the number of deployments must not be negative")
        if self.deployments_a_month:
            _ = self.rollout  # raises if these percentages allow no deployment

    @cached_property
    def rollout(self) -> Rollout:
        return rollout(self.replicas, self.minimum_healthy, self.maximum)

    def zone_of(self, number: int) -> int:
        """Replicas are spread over the zones in turn."""
        return number % self.zones

    def zone_sizes(self) -> list[int]:
        """Replicas in each zone; a zone may be empty."""
        return [len(range(zone, self.replicas, self.zones)) for zone in range(self.zones)]

    # Whatever the shares are, a replica fails once in `mtbf_s` on average: its rates add up to that.

    @property
    def alone_per_s(self) -> float:
        """Independent failures of one replica. A single replica has no partner: its pair failures count as these."""
        pair = self.shares.pair if self.replicas > 1 else 0
        return (1 - pair - self.shares.zone - self.shares.every) / self.mtbf_s

    @property
    def pairs_per_s(self) -> float:
        """Common causes of any two replicas."""
        return self.shares.pair / self.mtbf_s * self.replicas / 2 if self.replicas > 1 else 0.0

    @property
    def each_zone_per_s(self) -> float:
        """Common causes of all replicas in one zone."""
        return self.shares.zone / self.mtbf_s

    @property
    def every_per_s(self) -> float:
        """Common causes of all replicas."""
        return self.shares.every / self.mtbf_s
