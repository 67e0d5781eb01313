"""How many replicas a deployment replaces at once. ECS rounds the minimum healthy up and the maximum down."""

from dataclasses import dataclass

from stack.rollout import kept_ready


class CannotMove(ValueError):
    """A deployment that may neither stop a replica nor start an additional one."""


@dataclass(frozen=True)
class Rollout:
    """`spare` replicas may be missing at once; `surge` additional ones may start before old ones stop."""

    replicas: int
    spare: int
    surge: int

    @property
    def keep(self) -> int:
        """The deployment stops no replica if that leaves fewer than this."""
        return self.replicas - self.spare


def rollout(replicas: int, minimum_healthy: int, maximum: int) -> Rollout:
    """What these percentages allow; raises CannotMove if they allow nothing."""
    spare = replicas - kept_ready(replicas, minimum_healthy)
    surge = replicas * maximum // 100 - replicas
    if spare + surge <= 0:
        raise CannotMove(
            f"{replicas} replicas with {minimum_healthy} % healthy and {maximum} % at most can never be replaced"
        )
    return Rollout(replicas, spare, surge)
