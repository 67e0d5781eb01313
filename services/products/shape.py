"""What a search can be: its order, its filters, and the values that go into its statement. `search.py` writes that."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from services.contract import SearchQuery, Sort
from services.products.words import label

Key = float | int | datetime
"""The value that a search sorts a product by: its rank, id, price in cents, or age."""


class Shape(NamedTuple):
    """Everything about a search that changes its SQL. The rest are values."""

    sort: Sort
    words: bool = False
    labels: bool = False
    min_price: bool = False
    max_price: bool = False
    after: bool = False

    @classmethod
    def of(cls, query: SearchQuery) -> "Shape":
        return cls(
            sort=query.sort,
            words=bool(query.q.strip()),
            labels=query.category is not None or query.brand is not None,
            min_price=query.min_price is not None,
            max_price=query.max_price is not None,
            after=query.cursor is not None,
        )

    @property
    def ranked(self) -> bool:
        """Whether products are sorted by how well their text matches."""
        return self.sort is Sort.RELEVANCE and self.words


def values(query: SearchQuery, words: str) -> dict[str, object]:
    """The values of the statement's parameters, but for the place where a page begins."""
    return {
        "words": words,
        "labels": labels(query.category, query.brand),
        "min_price": _cents(query.min_price),
        "max_price": _cents(query.max_price),
        "rows": query.limit + 1,
    }


def identity(query: SearchQuery) -> bytes:
    """What makes this search differ from another one. The size and the place of a page do not."""
    return repr((query.q, query.category, query.brand, query.min_price, query.max_price, query.sort.value)).encode()


def labels(category: str | None, brand: str | None) -> str | None:
    """The text of a tsquery that matches products of exactly this category and brand."""
    named = [("category", category), ("brand", brand)]
    lexemes = [f"{name}={label(value)}" for name, value in named if value is not None]
    return " & ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes) or None


def _cents(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)
