"""`name=value` words."""

import pytest

from stack import words
from stack.errors import StackError


def test_numbers_are_numbers_and_words_words() -> None:
    given = ["delay_ms=3000", "rate=0.5", "for_s=1e3", "distribution=lognormal", "on=true", "x=[1]", "y=NaN", "z=a=b"]

    assert words.values(given) == {
        "delay_ms": 3000,
        "rate": 0.5,
        "for_s": 1000.0,
        "distribution": "lognormal",
        "on": "true",
        "x": "[1]",
        "y": "NaN",
        "z": "a=b",
    }


def test_switches_are_on_or_off() -> None:
    assert words.switches(["timeouts=off", "all=on"]) == {"timeouts": False, "all": True}
    with pytest.raises(StackError, match="timeouts can be on or off, not 'maybe'"):
        words.switches(["timeouts=maybe"])


@pytest.mark.parametrize("word", ["delay_ms", "=3", "delay_ms=", ""])
def test_a_word_that_says_nothing_is_quoted(word: str) -> None:
    with pytest.raises(StackError, match=r"says nothing: write it as in delay_ms=3000"):
        words.values([word])
