"""The text of a search as people write it, made into text that PostgreSQL's `websearch_to_tsquery` reads the same way.

PostgreSQL's parser takes `wireless/lamp` for a path, `wireless-lamp` for one compound and `lamp.com` for a host, and
refuses more than 32 minus signs in a row. Here, whatever is not a letter, a digit, a quote or a minus sign in front of
a word separates words.
"""

import re
from unicodedata import category, normalize

MAX_LENGTH = 200
# Unicode's "format" characters: soft hyphens, zero-width spaces and joiners, marks of the writing direction.
_FORMAT = "Cf"
_KEPT_MINUS = "\N{MINUS SIGN}"
_TO_ASCII = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {_KEPT_MINUS: "-"})
# A minus sign excludes what follows it only at the beginning of a word or a phrase.
_MINUS = re.compile(r'(?<!\S)-(?="?\w)')


def readings(text: str) -> list[str]:
    """The ways to read this text, the likelier one first: invisible characters are dropped, or they separate words."""
    visible = normalize("NFKC", text)
    joined = "".join(character for character in visible if category(character) != _FORMAT)
    split = "".join(" " if category(character) == _FORMAT else character for character in visible)
    return list(dict.fromkeys(_words(normalize("NFKC", reading)) for reading in (joined, split)))


def label(text: str) -> str:
    """The name of a category or a brand, whatever the case, the width or the composition of its letters."""
    visible = "".join(character for character in normalize("NFKC", text) if category(character) != _FORMAT)
    return " ".join(normalize("NFKC", visible).split()).lower()


def _words(text: str) -> str:
    marked = _MINUS.sub(_KEPT_MINUS, text.translate(_TO_ASCII))
    separated = "".join(character if _belongs_to_a_word(character) else " " for character in marked)
    return " ".join(separated.replace(_KEPT_MINUS, "-")[:MAX_LENGTH].split())


def _belongs_to_a_word(character: str) -> bool:
    return character.isalnum() or character in ('"', _KEPT_MINUS) or category(character).startswith("M")
