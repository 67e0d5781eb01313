"""`name=value` words of the command line: `delay_ms=3000 distribution=lognormal`, `timeouts=off`."""

import json
from collections.abc import Iterable, Iterator

from stack.errors import StackError


def values(words: Iterable[str]) -> dict[str, object]:
    """Numbers as numbers, everything else as it was written."""
    return {name: _value(text) for name, text in _pairs(words, "delay_ms=3000")}


def switches(words: Iterable[str]) -> dict[str, bool]:
    """`on` and `off` as True and False; nothing else."""
    found = {}
    for name, text in _pairs(words, "timeouts=off"):
        if text not in ("on", "off"):
            raise StackError(f"{name} can be on or off, not {text!r}.")
        found[name] = text == "on"
    return found


def _pairs(words: Iterable[str], example: str) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, text = word.partition("=")
        if not (name and equals and text):
            raise StackError(f"{word!r} says nothing: write it as in {example}.")
        yield name, text


def _value(text: str) -> object:
    try:
        value = json.loads(text, parse_constant=str)
    except ValueError:
        return text
    return value if isinstance(value, int | float) and not isinstance(value, bool) else text
