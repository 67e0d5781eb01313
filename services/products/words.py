"""The text of a search as people write it, made into text that PostgreSQL's `websearch_to_tsquery` reads the same way.

PostgreSQL's parser takes `wireless/lamp` for a path, `wireless-lamp` for one compound and `lamp.com` for a host, and
refuses more than 32 minus signs in a row. Here, whatever is not a letter, a digit, a quote or a minus sign in front of
a word separates words.
"""

import re
from unicodedata import category, normalize

MAX_LENGTH = 200

_MINUS = "\N{MINUS SIGN}"
_TO_ASCII = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {_MINUS: "-"})
# A minus sign excludes what follows it only at the beginning of a word or a phrase.
_EXCLUDING = re.compile(r'(?<!\S)-(?="?[^\W_])')
_SEPARATORS = re.compile(rf'(?:[^\w"{_MINUS}]|_)+')


def readings(text: str) -> list[str]:
    """The ways to read this text, the likelier one first: invisible characters are dropped, or they separate words."""
    return list(dict.fromkeys(_words(_visible(text, invisible)) for invisible in ("", " ")))


def label(text: str) -> str:
    """The name of a category or a brand, whatever the case, the width or the composition of its letters."""
    return " ".join(_visible(text, "").split()).lower()


def _visible(text: str, invisible: str) -> str:
    """The text with the usual form of each letter (NFKC), and `invisible` in place of Unicode's "format" characters.

    These are soft hyphens, zero-width spaces and joiners, and marks of the writing direction.
    """
    if text.isascii():
        return text
    characters = (invisible if category(each) == "Cf" else each for each in normalize("NFKC", text))
    return normalize("NFKC", "".join(characters))


def _words(text: str) -> str:
    marked = _EXCLUDING.sub(_MINUS, text.translate(_TO_ASCII))
    return " ".join(_SEPARATORS.sub(" ", marked).replace(_MINUS, "-")[:MAX_LENGTH].split())
