"""Orders in the database: placed exactly once for each key, found by id, listed by customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from chassis.database import Database
from chassis.problems import Problem
from services.contract import Line, Order, OrderRequest
from services.orders.schema import order
from services.orders.statements import HEAD, OBSTACLES, PLACE, with_lines

READY = select(order.c.id).limit(1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A committed order. `replayed` is True if an earlier call with the same key placed it."""

    order: Order
    replayed: bool


class OrderStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, key: str, request: OrderRequest, call_id: UUID) -> Placed:
        """Place the order of this key, or find it if it exists. Raises a 422 problem if the order is not possible.

        If the connection breaks during the commit, it is unknown whether the order was placed. The statement is sent
        again, and the key prevents a second order. If that fails too, the answer is a 5xx, and the client can safely
        repeat the request with the same key. The stored `call_id` shows whether this call placed the order.
        """
        fingerprint = request.fingerprint()
        values = _values(request) | {"key": key, "fingerprint": fingerprint, "call_id": call_id}
        placed = _orders(await self._database.execute(PLACE, values))
        if placed:
            return Placed(placed[0], replayed=False)
        by_key = select(*HEAD, order.c.fingerprint, order.c.call_id).where(order.c.idempotency_key == key).subquery()
        rows = await self._database.execute(with_lines(by_key))
        if not rows:
            raise await self._refusal(request)
        if rows[0].fingerprint != fingerprint:
            raise Problem(422, "This Idempotency-Key has placed an order with another body.")
        return Placed(_orders(rows)[0], replayed=rows[0].call_id != call_id)

    async def get(self, order_id: int) -> Order | None:
        """The order with this id."""
        by_id = select(*HEAD).where(order.c.id == order_id).subquery()
        found = _orders(await self._database.execute(with_lines(by_id)))
        return found[0] if found else None

    async def of_customer(self, customer_id: int, before_id: int, count: int) -> list[Order]:
        """The customer's newest orders with an id below `before_id`, at most `count`.

        Newer orders have larger ids, so the list is sorted by id.
        """
        page = select(*HEAD).where(order.c.customer_id == customer_id, order.c.id < before_id)
        newest = page.order_by(order.c.id.desc()).limit(count).subquery()
        return _orders(await self._database.execute(with_lines(newest)))

    async def _refusal(self, request: OrderRequest) -> Problem:
        """A problem that says why the order was not placed."""
        row = await self._database.first(OBSTACLES, _values(request))
        assert row is not None  # an aggregate without GROUP BY always returns one row
        if not row.customer_known:
            return Problem(422, f"There is no customer {request.customer_id}.")
        if row.unknown_products:
            return Problem(422, f"There is no product {', '.join(map(str, row.unknown_products))}.")
        if len(row.currencies) > 1:
            return Problem(422, f"One order has one currency; these products have {', '.join(row.currencies)}.")
        # There is no obstacle any more: the read model changed after the order was refused.
        return Problem(503, "The price list has changed. Try again.", retry_after_s=1)


def _values(request: OrderRequest) -> dict[str, object]:
    return {
        "customer_id": request.customer_id,
        "product_ids": [line.product_id for line in request.lines],
        "quantities": [line.quantity for line in request.lines],
    }


def _orders(rows: Sequence[Row[Any]]) -> list[Order]:
    """Orders from rows with one line each. The rows of an order must be next to each other."""
    orders = []
    for _, lines_of_one in groupby(rows, key=lambda row: row.id):
        rows_of_one = list(lines_of_one)
        lines = [Line.model_validate(row, from_attributes=True) for row in rows_of_one]
        orders.append(Order.model_validate({**rows_of_one[0]._mapping, "lines": lines}))
    return orders
