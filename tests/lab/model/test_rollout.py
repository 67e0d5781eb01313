"""How a deployment's percentages round, as ECS rounds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.model.rollout import CannotMove, Rollout, rollout


@pytest.mark.parametrize(
    ("replicas", "minimum_healthy", "maximum", "spare", "surge"),
    [
        (3, 66, 100, 1, 0),
        (3, 67, 150, 0, 1),
        (2, 66, 150, 0, 1),
        (2, 100, 200, 0, 2),
        (1, 100, 200, 0, 1),
        (1, 0, 100, 1, 0),
        (4, 66, 200, 1, 4),
        (3000, 99, 100, 30, 0),
    ],
)
def test_the_minimum_rounds_up_and_the_maximum_down(
    replicas: int, minimum_healthy: int, maximum: int, spare: int, surge: int
) -> None:
    assert rollout(replicas, minimum_healthy, maximum) == Rollout(replicas, spare, surge)


@pytest.mark.parametrize(("replicas", "minimum_healthy", "maximum"), [(3, 67, 100), (2, 66, 149), (1, 1, 199)])
def test_percentages_that_allow_nothing_are_refused(replicas: int, minimum_healthy: int, maximum: int) -> None:
    with pytest.raises(CannotMove):
        rollout(replicas, minimum_healthy, maximum)


@given(st.integers(1, 5000), st.integers(0, 100), st.integers(100, 200))
def test_a_deployment_keeps_the_fewest_replicas_that_are_enough(
    replicas: int, minimum_healthy: int, maximum: int
) -> None:
    try:
        room = rollout(replicas, minimum_healthy, maximum)
    except CannotMove:
        return
    assert 100 * room.keep >= replicas * minimum_healthy > 100 * (room.keep - 1)
    assert 100 * (replicas + room.surge) <= replicas * maximum < 100 * (replicas + room.surge + 1)
