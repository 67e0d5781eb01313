"""The shape of a search (its order and its filters) and the values for its statement, which `search.py` builds."""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from services.contract import SearchQuery, Sort
from services.products.words import label

Key = float | int | datetime
"""The value by which a product is sorted: its rank, id, price in cents, or time of creation."""


class Shape(NamedTuple):
    """Everything in a search that changes its SQL. The rest are parameters of the statement."""

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
        """Whether products are sorted by the rank of their text."""
        return self.sort is Sort.RELEVANCE and self.words


def values(query: SearchQuery, words: str) -> dict[str, object]:
    """The values of the statement's parameters, except `after_key` and `after_id`."""
    return {
        "words": words,
        "labels": labels(query.category, query.brand),
        "min_price": _cents(query.min_price),
        "max_price": _cents(query.max_price),
        "rows": query.limit + 1,
    }


def identity(query: SearchQuery) -> bytes:
    """Identifies the search. Two pages of one search have the same identity, whatever their size."""
    return repr((query.q, query.category, query.brand, query.min_price, query.max_price, query.sort.value)).encode()


def labels(category: str | None, brand: str | None) -> str | None:
    """The text of a tsquery that matches products of exactly this category and brand."""
    named = [("category", category), ("brand", brand)]
    lexemes = [f"{name}={label(value)}" for name, value in named if value is not None]
    return " & ".join("'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'" for lexeme in lexemes) or None


def _cents(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)
