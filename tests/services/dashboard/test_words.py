"""How things are said."""

import pytest

from services.dashboard import words


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (0.0, "no visitor"),
        (0.02, "1 in 50 visitors"),
        (0.25, "1 in 4 visitors"),
        (0.26, "1 in 4 visitors"),
        (0.4, "40 % of visitors"),
        (0.5, "1 in 2 visitors"),
        (0.75, "75 % of visitors"),
        (0.95, "95 % of visitors"),
        (0.999, "99 % of visitors"),
        (1.0, "all visitors"),
    ],
)
def test_a_share_of_visitors_is_said_without_making_it_larger_or_smaller(part: float, said: str) -> None:
    assert words.share(part) == said
