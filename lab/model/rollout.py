"""How many replicas a deployment replaces at once, as ECS rounds: the minimum healthy up, the maximum down."""

from dataclasses import dataclass

from stack.rollout import kept_ready


class CannotMove(ValueError):
    """A deployment that may neither stop a replica nor start one more."""


@dataclass(frozen=True)
class Rollout:
    """`spare` replicas may be out at once; `surge` more may run than there are, and these come before others go."""

    replicas: int
    spare: int
    surge: int

    @property
    def keep(self) -> int:
        """Below this nothing more is stopped."""
        return self.replicas - self.spare

    @property
    def batches(self) -> int:
        """How often it waits for replicas to come up."""
        return -(-self.replicas // (self.spare + self.surge))


def rollout(replicas: int, minimum_healthy: int, maximum: int) -> Rollout:
    """The room that these percentages leave; CannotMove where they leave none."""
    spare = replicas - kept_ready(replicas, minimum_healthy)
    surge = replicas * maximum // 100 - replicas
    if spare + surge <= 0:
        raise CannotMove(
            f"{replicas} replicas with {minimum_healthy} % healthy and {maximum} % at most can never be replaced"
        )
    return Rollout(replicas, spare, surge)
