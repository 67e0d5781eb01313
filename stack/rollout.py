"""How a deployment replaces the replicas of a service, by the share of them that it keeps ready.

The arithmetic is that of ECS: the percentage rounds up, so that 66 % of 3 keeps 2, and 66 % of 2 keeps both.
"""

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rollout:
    """`parallelism` replicas at once: the old ones stop first, or the new ones start first."""

    order: Literal["stop-first", "start-first"]
    parallelism: int


def kept_ready(replicas: int, minimum_healthy: int) -> int:
    """How many of the replicas a deployment keeps ready, at a minimum healthy of so many percent."""
    return math.ceil(replicas * minimum_healthy / 100)


def rollout(replicas: int, minimum_healthy: int) -> Rollout:
    """As many at once as may be missing; where none may, a new one comes before an old one goes."""
    spare = replicas - kept_ready(replicas, minimum_healthy)
    return Rollout("stop-first", spare) if spare > 0 else Rollout("start-first", 1)
