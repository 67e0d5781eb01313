"""What a search may ask and what it answers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from services.products.shape import CANDIDATES, Shape, Sort, labels

_PRICE_SCHEMA = {"type": "number", "minimum": 0, "maximum": 20_000_000, "multipleOf": 0.01}
Price = Annotated[Decimal, Field(ge=0, le=20_000_000, decimal_places=2, max_digits=10), WithJsonSchema(_PRICE_SCHEMA)]
Label = Annotated[str, Field(min_length=1, max_length=100)]


class SearchQuery(BaseModel):
    """The query string of a search; every part may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field("", max_length=200, description='words; `"a phrase"`, `or` and `-not` are understood')
    category: Label | None = Field(None, description="exactly this category, in upper or lower case")
    brand: Label | None = Field(None, description="exactly this brand, in upper or lower case")
    min_price: Price | None = Field(None, description="in whole units of the currency, such as 19.99")
    max_price: Price | None = Field(None, description="in whole units of the currency, such as 49")
    sort: Sort = Field(Sort.RELEVANCE, description="relevance is popularity where no words are given")
    limit: int = Field(20, ge=1, le=100, description="products on a page")
    cursor: str | None = Field(None, min_length=1, max_length=200, description="`next_cursor` of the page before")

    @model_validator(mode="after")
    def _prices_in_order(self) -> Self:
        if self.min_price is not None and self.max_price is not None and self.min_price > self.max_price:
            raise ValueError("min_price is more than max_price")
        return self

    def shape(self) -> Shape:
        """What the search's SQL looks like."""
        return Shape(
            sort=self.sort,
            words=bool(self.q.strip()),
            labels=self.category is not None or self.brand is not None,
            min_price=self.min_price is not None,
            max_price=self.max_price is not None,
            after=self.cursor is not None,
        )

    def arguments(self) -> dict[str, object]:
        """The SQL's arguments but for the position of the page."""
        return {
            "words": self.q,
            "labels": labels(self.category, self.brand),
            "min_price": _cents(self.min_price),
            "max_price": _cents(self.max_price),
            "rows": self.limit + 1,
        }

    def identity(self) -> bytes:
        """What makes this search differ from another; a page's size and place do not."""
        return repr((self.q, self.category, self.brand, self.min_price, self.max_price, self.sort.value)).encode()


class Product(BaseModel):
    """A product, as answered."""

    id: int
    name: str
    brand: str
    category: str
    description: str
    price_cents: int
    currency: str
    created_at: datetime


class SearchPage(BaseModel):
    """One page of a search's answer."""

    products: list[Product]
    total_found: int = Field(description=f"matches, counted up to {CANDIDATES}")
    total_capped: bool = Field(description="there are more matches than were counted")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last one")
    search_time_ms: float
    corrected_query: str | None = Field(None, description="the words searched for instead, where none had matched")


def _cents(price: Decimal | None) -> int | None:
    return None if price is None else int(price * 100)
