"""How long something takes, as distributions with a mean and a draw."""

import math
from dataclasses import dataclass
from random import Random
from typing import Protocol


class Duration(Protocol):
    """Seconds, drawn anew each time."""

    @property
    def mean_s(self) -> float: ...

    @property
    def longest_s(self) -> float:
        """A length that is not exceeded; for one without a bound, five means."""

    def draw(self, random: Random) -> float: ...


@dataclass(frozen=True)
class Exponential:
    """Memoryless: what has lasted tells nothing of what is left."""

    mean_s: float

    @property
    def longest_s(self) -> float:
        return 5 * self.mean_s

    def draw(self, random: Random) -> float:
        return random.expovariate(1 / self.mean_s)


@dataclass(frozen=True)
class Weibull:
    """`shape` below 1: most fail young (a bad version); above 1: they age (a leak); 1: exponential."""

    mean_s: float
    shape: float

    @property
    def longest_s(self) -> float:
        return 5 * self.mean_s

    def draw(self, random: Random) -> float:
        return random.weibullvariate(self.mean_s / math.gamma(1 + 1 / self.shape), self.shape)


@dataclass(frozen=True)
class Uniform:
    """Anything between two lengths alike."""

    low_s: float
    high_s: float

    @property
    def mean_s(self) -> float:
        return (self.low_s + self.high_s) / 2

    @property
    def longest_s(self) -> float:
        return self.high_s

    def draw(self, random: Random) -> float:
        return random.uniform(self.low_s, self.high_s)

    def share_within(self, seconds: float) -> float:
        """How many of many are over after so long."""
        if self.high_s == self.low_s:
            return float(seconds >= self.low_s)
        return min(1.0, max(0.0, (seconds - self.low_s) / (self.high_s - self.low_s)))


@dataclass(frozen=True)
class Never:
    """What does not happen."""

    mean_s: float = math.inf
    longest_s: float = math.inf

    def draw(self, random: Random) -> float:
        return math.inf
