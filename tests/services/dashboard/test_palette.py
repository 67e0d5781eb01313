"""The colours: legible, and told apart by eyes of every kind."""

import re
from itertools import combinations

import pytest

from tests.services.dashboard.colours import EYES, beside_themes, contrast, distance, themes

TEXT = 4.5
# What is drawn and must be seen, but is no text.
DRAWN = 3.0
APART = 8.0
STATES = ("ok", "warn", "bad")
AREAS = ("ok-area", "warn-area", "bad-area")


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> dict[str, str]:
    return themes()[request.param]


def test_both_themes_have_the_same_colours() -> None:
    light, dark = themes()["light"], themes()["dark"]
    assert light.keys() == dark.keys()


@pytest.mark.parametrize("text", ["ink", "dim", *STATES, "idle"])
@pytest.mark.parametrize("on", ["card", "bg", "soft"])
def test_text_has_contrast_on_every_plain_ground(theme: dict[str, str], text: str, on: str) -> None:
    assert contrast(theme[text], theme[on]) >= TEXT


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("text", ["ink", "dim", "state"])
def test_text_has_contrast_on_the_verdict_s_ground(theme: dict[str, str], text: str, state: str) -> None:
    assert contrast(theme[state if text == "state" else text], theme[f"{state}-bg"]) >= TEXT


@pytest.mark.parametrize("line", ["ink", "series-2", "series-3", "focus"])
def test_lines_and_the_focus_are_seen(theme: dict[str, str], line: str) -> None:
    assert contrast(theme[line], theme["card"]) >= DRAWN


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("on", ["card", "shaded", "soft"])
def test_areas_are_seen(theme: dict[str, str], area: str, on: str) -> None:
    assert contrast(theme[area], theme[on]) >= DRAWN


@pytest.mark.parametrize(
    ("word", "strip"),
    [("on-warn", "warn-area"), ("on-warn", "warn-stripe"), ("on-bad", "bad-area"), ("card", "ink"), ("ink", "card")],
)
def test_words_on_a_strip_have_contrast(theme: dict[str, str], word: str, strip: str) -> None:
    assert contrast(theme[word], theme[strip]) >= TEXT


def test_what_is_shaded_and_dim_can_be_read(theme: dict[str, str]) -> None:
    assert contrast(theme["dim"], theme["shaded"]) >= TEXT


def test_there_is_no_colour_but_those_of_the_themes() -> None:
    assert re.findall(r"#[0-9a-f]{3}(?:[0-9a-f]{3})?\b|\brgba?\(|\bhsl", beside_themes()) == []


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("pair", list(combinations(STATES, 2)) + list(combinations(AREAS, 2)), ids="-".join)
def test_states_differ_for_every_kind_of_colour_vision(theme: dict[str, str], pair: tuple[str, str], eyes: str) -> None:
    assert distance(theme[pair[0]], theme[pair[1]], eyes) >= APART


def test_the_simulation_knows_a_pair_that_deuteranopes_cannot_tell_apart() -> None:
    assert distance("#a0522d", "#6b8e23", "typical") > 2 * distance("#a0522d", "#6b8e23", "deuteranopia")
