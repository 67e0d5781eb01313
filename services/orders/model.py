"""What an order looks like in a request and in an answer."""

import hashlib
import json
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_ID = 2**63 - 1
MAX_LINES = 50
MAX_QUANTITY = 99

# Strict: "7" and 7.0 are not ids.
Id = Annotated[int, Field(ge=1, le=MAX_ID, strict=True)]


class RequestedLine(BaseModel):
    """One product and how many of it."""

    model_config = ConfigDict(extra="forbid")

    product_id: Id
    quantity: int = Field(ge=1, le=MAX_QUANTITY, strict=True)


class OrderRequest(BaseModel):
    """The body of `POST /orders`."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Id
    lines: list[RequestedLine] = Field(min_length=1, max_length=MAX_LINES)

    @model_validator(mode="after")
    def _each_product_once(self) -> Self:
        """Refused rather than merged: the order has the lines that were sent, or there is no order."""
        seen: set[int] = set()
        for line in self.lines:
            if line.product_id in seen:
                raise ValueError(f"product {line.product_id} is in two lines; put it in one")
            seen.add(line.product_id)
        return self

    def fingerprint(self) -> bytes:
        """Equal for bodies that mean the same: white space and member order do not count, line order does."""
        canonical = json.dumps(self.model_dump(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).digest()


class Line(BaseModel):
    """One line of an order, with the price at which it was ordered."""

    product_id: int
    quantity: int
    unit_price_cents: int


class Order(BaseModel):
    """An order, as answered."""

    id: int
    customer_id: int
    lines: list[Line]
    total_cents: int
    currency: str
    created_at: datetime


class OrderPage(BaseModel):
    """Some orders of a customer, newest first; `next_cursor` is null on the last page."""

    orders: list[Order]
    next_cursor: str | None
