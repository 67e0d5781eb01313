"""The two configurations of the reference, and what the percentages make of other numbers."""

import pytest

from stack.rollout import Rollout, kept_ready, rollout


@pytest.mark.parametrize(
    ("replicas", "minimum_healthy", "how"),
    [
        (3, 66, Rollout("stop-first", 1)),
        (2, 100, Rollout("start-first", 1)),
        (3, 67, Rollout("start-first", 1)),
        (2, 66, Rollout("start-first", 1)),
        (1, 66, Rollout("start-first", 1)),
        (6, 66, Rollout("stop-first", 2)),
        (3, 0, Rollout("stop-first", 3)),
    ],
)
def test_a_deployment_takes_as_many_at_once_as_may_be_missing(
    replicas: int, minimum_healthy: int, how: Rollout
) -> None:
    assert rollout(replicas, minimum_healthy) == how
    assert kept_ready(replicas, minimum_healthy) <= replicas
