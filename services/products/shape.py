"""What a search can be: its order, its filters, and the statement that answers it. `search.py` writes those."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import product
from typing import NamedTuple

CANDIDATES = 1000
"""How many matches are counted, and ranked, at most."""

Key = float | int | datetime
"""What a product is sorted by: its rank, id, price in cents, or age."""


class Sort(StrEnum):
    """The orders that a search can have; relevance without words is popularity."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    NEWEST = "newest"


class Shape(NamedTuple):
    """Everything about a search that changes its SQL; the rest are arguments."""

    sort: Sort
    words: bool = False
    labels: bool = False
    min_price: bool = False
    max_price: bool = False
    after: bool = False

    def statement(self) -> str:
        """The name of its statement, such as `search price_asc words max_price`."""
        has = [name for name, value in self._asdict().items() if value is True]
        return " ".join(["search", self.sort, *has])


def shapes() -> Iterator[Shape]:
    """Every shape that there is."""
    for sort, has in product(Sort, product((False, True), repeat=len(Shape._fields) - 1)):
        yield Shape(sort, *has)


def labels(category: str | None, brand: str | None) -> str | None:
    """A tsquery's text that matches products of exactly this category and brand, whatever their case."""
    named = [("category", category), ("brand", brand)]
    lexemes = [f"{name}={value.lower()}" for name, value in named if value is not None]
    return " & ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes) or None
