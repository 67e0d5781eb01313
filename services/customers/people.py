"""Realistic people from a fixed seed. An id is the same person on every machine and for every count."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

Person = tuple[int, str, str, str, str, datetime]
"""A row of the table, in the order of COLUMNS."""

COLUMNS = ("id", "name", "email", "city", "country", "created_at")

_SEED = 20_261_124
_JOINED_FROM = datetime(2024, 1, 1, tzinfo=UTC)
_JOINED_WITHIN_S = 731 * 24 * 3600
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "ı": "i"})  # these letters have no decomposition


def people(ids: Iterable[int]) -> Iterator[Person]:
    """The people with these ids."""
    with (Path(__file__).parent / "people.toml").open("rb") as file:
        places = tomllib.load(file)["places"]
    return (_person(person_id, places) for person_id in ids)


def _person(person_id: int, places: Sequence[dict[str, Any]]) -> Person:
    draw = Random(_SEED * 10_000_000 + person_id)
    place = draw.choice(places)
    first, last = draw.choice(place["first_names"]), draw.choice(place["last_names"])
    joined = _JOINED_FROM + timedelta(seconds=draw.randrange(_JOINED_WITHIN_S))
    # The id makes the address unique. The domain example.com is reserved, so the mailbox cannot exist.
    email = f"{_ascii(first)}.{_ascii(last)}{person_id}@example.com"
    return person_id, f"{first} {last}", email, draw.choice(place["cities"]), place["country"], joined


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(letter for letter in plain if "a" <= letter <= "z")
