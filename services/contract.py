"""The public HTTP interface as models: what a request may contain, and what an answer contains.

Products, Customers and Orders accept and answer with these models. The gateway checks requests with the same models
before it passes them on. The models do not depend on how a service works.
"""

import hashlib
import json
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

MAX_ID = 2**63 - 1
MAX_LINES = 50
MAX_QUANTITY = 99
MAX_COUNTED = 1000
ORDERS_CURSOR = "^[1-9][0-9]{0,18}$"

# These ids exist in every seeded database, so they work in the interactive documentation.
ProductId = Annotated[int, Path(ge=1, le=MAX_ID, openapi_examples={"a best seller": {"value": 1}})]
CustomerId = Annotated[int, Path(ge=1, le=MAX_ID, openapi_examples={"a customer": {"value": 7}})]
OrderId = Annotated[int, Path(ge=1, le=MAX_ID, openapi_examples={"an order": {"value": 1}})]
# Strict: "7" and 7.0 are not ids.
Id = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]

# ---- Products --------------------------------------------------------------------------------------------------------

_PRICE_SCHEMA = {"type": "number", "minimum": 0, "maximum": 20_000_000, "multipleOf": 0.01}
Price = Annotated[Decimal, Field(ge=0, le=20_000_000, decimal_places=2, max_digits=10), WithJsonSchema(_PRICE_SCHEMA)]
Label = Annotated[str, Field(min_length=1, max_length=100)]


class Sort(StrEnum):
    """The order of a search's results. In a search without words, relevance is popularity."""

    RELEVANCE = "relevance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    NEWEST = "newest"


class SearchQuery(BaseModel):
    """The query string of a search. Every parameter is optional."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: str = Field("", max_length=200, description='words; `"a phrase"`, `or` and `-not` work', examples=["desk lamp"])
    category: Label | None = Field(None, description="exactly this category, in upper or lower case")
    brand: Label | None = Field(None, description="exactly this brand, in upper or lower case")
    min_price: Price | None = Field(None, description="in whole units of the currency, such as 19.99")
    max_price: Price | None = Field(None, description="in whole units of the currency, such as 49")
    sort: Sort = Field(Sort.RELEVANCE, description="relevance is popularity where `q` has no words")
    limit: int = Field(20, ge=1, le=100, description="products on a page")
    cursor: str | None = Field(None, min_length=1, max_length=200, description="`next_cursor` of the page before")

    @model_validator(mode="after")
    def _prices_in_order(self) -> Self:
        if self.min_price is not None and self.max_price is not None and self.min_price > self.max_price:
            raise ValueError("min_price is more than max_price")
        return self


class Product(BaseModel):
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
    total_found: int = Field(description=f"matches, counted up to {MAX_COUNTED}")
    total_capped: bool = Field(description="true if there are more matches than were counted")
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last page")
    search_time_ms: float
    corrected_query: str | None = Field(None, description="the words of the search, where those of `q` match nothing")


# ---- Customers -------------------------------------------------------------------------------------------------------


class Customer(BaseModel):
    id: int
    name: str
    email: str
    city: str
    country: str
    created_at: datetime


# ---- Orders ----------------------------------------------------------------------------------------------------------


class RequestedLine(BaseModel):
    """One product and its quantity."""

    model_config = ConfigDict(extra="forbid")

    product_id: Id
    quantity: int = Field(ge=1, le=MAX_QUANTITY, strict=True)


class OrderRequest(BaseModel):
    """The body of `POST /orders`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"customer_id": 7, "lines": [{"product_id": 1, "quantity": 2}]}]},
    )

    customer_id: Id
    lines: list[RequestedLine] = Field(min_length=1, max_length=MAX_LINES)

    @model_validator(mode="after")
    def _each_product_once(self) -> Self:
        """Two lines with the same product are an error. They are not merged, so an order always has the lines sent."""
        seen: set[int] = set()
        for line in self.lines:
            if line.product_id in seen:
                raise ValueError(f"product {line.product_id} is in two lines; put it in one")
            seen.add(line.product_id)
        return self

    def fingerprint(self) -> bytes:
        """A hash of the content. White space and the order of the members do not change it."""
        canonical = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).digest()


class OrdersQuery(BaseModel):
    """The query string of a list of orders."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    customer_id: int = Field(ge=1, le=MAX_ID, examples=[7])
    limit: int = Field(20, ge=1, le=100, description="orders on a page")
    # The pattern is only documented here. Orders checks it, because a bad cursor must be a 400, as in a search.
    cursor: str | None = Field(
        None, json_schema_extra={"pattern": ORDERS_CURSOR}, description="`next_cursor` of the page before"
    )


class Line(BaseModel):
    """One line of an order, with the price at the time of the order."""

    product_id: int
    quantity: int
    unit_price_cents: int


class Order(BaseModel):
    id: int
    customer_id: int
    lines: list[Line]
    total_cents: int
    currency: str
    created_at: datetime


class OrderPage(BaseModel):
    """Some orders of a customer, newest first."""

    orders: list[Order]
    next_cursor: str | None = Field(description="`cursor` of the next page; null on the last page")


SearchParameters = Annotated[SearchQuery, Query()]
OrdersParameters = Annotated[OrdersQuery, Query()]
