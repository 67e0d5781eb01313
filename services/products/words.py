"""Changes the text of a search so that PostgreSQL's `websearch_to_tsquery` splits it into the words that people see.

PostgreSQL's parser treats `wireless/lamp` as a path, `wireless-lamp` as one compound and `lamp.com` as a host, and
refuses more than 32 minus signs in a row. Here, every other character than a letter, a digit, a quote, or a minus sign
before a word separates words.
"""

import re
from unicodedata import category, normalize

MAX_LENGTH = 200

_MINUS = "\N{MINUS SIGN}"
_TO_ASCII = str.maketrans(dict.fromkeys("“”„‟«»", '"') | {_MINUS: "-"})
# A minus sign excludes a word or a phrase only if it comes directly before it.
_EXCLUDING = re.compile(r'(?<!\S)-(?="?[^\W_])')
_SEPARATORS = re.compile(rf'(?:[^\w"{_MINUS}]|_)+')


def readings(text: str) -> list[str]:
    """The texts to search for, the more likely one first: without invisible characters, or with spaces for them."""
    return list(dict.fromkeys(_words(_visible(text, invisible)) for invisible in ("", " ")))


def label(text: str) -> str:
    """The normal form of a category or a brand: lower case, with normal width and composition of the letters."""
    return " ".join(_visible(text, "").split()).lower()


def _visible(text: str, invisible: str) -> str:
    """The text with the usual form of each letter (NFKC), and `invisible` in place of Unicode's "format" characters.

    These are soft hyphens, zero-width spaces and joiners, and marks of the writing direction.
    """
    if text.isascii():
        return text
    characters = (invisible if category(char) == "Cf" else char for char in normalize("NFKC", text))
    return normalize("NFKC", "".join(characters))


def _words(text: str) -> str:
    marked = _EXCLUDING.sub(_MINUS, text.translate(_TO_ASCII))
    return " ".join(_SEPARATORS.sub(" ", marked).replace(_MINUS, "-")[:MAX_LENGTH].split())
