"""Orders in the database: placed exactly once by key, found by id, listed by customer."""

from dataclasses import dataclass

from chassis.database import Database
from chassis.problems import Problem
from services.orders import statements
from services.orders.model import OrderRequest


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that is committed; `replayed` if an earlier request with its key had placed it."""

    order_id: int
    document: str
    replayed: bool


class OrderStore:
    """Every answer is JSON text as PostgreSQL built it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def place(self, key: str, request: OrderRequest) -> Placed:
        """Place the order of this key, or find it; raises a 422 problem if that cannot be.

        A connection can break during the commit, and then nobody can tell whether the order was placed. The statement
        may be sent again all the same: it then finds the order. Where that fails too, the answer is a 5xx, and the same
        request with the same key is safe.
        """
        fingerprint = request.fingerprint()
        values = _values(request) | {"key": key, "fingerprint": fingerprint}
        row = await self._database.fetchrow(statements.PLACE.text, *statements.PLACE.args(values))
        if row is not None:
            return Placed(row["id"], row["document"], replayed=False)
        earlier = await self._database.fetchrow(statements.BY_KEY.text, *statements.BY_KEY.args({"key": key}))
        if earlier is None:
            raise await self._refusal(request)
        if earlier["fingerprint"] != fingerprint:
            raise Problem(422, "This Idempotency-Key has placed an order with another body.")
        return Placed(earlier["id"], earlier["document"], replayed=True)

    async def get(self, order_id: int) -> str | None:
        """The order with this id."""
        row = await self._database.fetchrow(statements.BY_ID.text, *statements.BY_ID.args({"order_id": order_id}))
        return None if row is None else row["document"]

    async def of_customer(self, customer_id: int, before_id: int, count: int) -> list[tuple[int, str]]:
        """The customer's newest orders with an id below `before_id`, at most `count`: their ids and documents."""
        values = {"customer_id": customer_id, "before_id": before_id, "count": count}
        rows = await self._database.fetch(statements.OF_CUSTOMER.text, *statements.OF_CUSTOMER.args(values))
        return [(row["id"], row["document"]) for row in rows]

    async def _refusal(self, request: OrderRequest) -> Problem:
        """Why the order was not placed, in words."""
        row = await self._database.fetchrow(statements.OBSTACLES.text, *statements.OBSTACLES.args(_values(request)))
        assert row is not None  # an aggregate without GROUP BY always gives one row
        if not row["customer_known"]:
            return Problem(422, f"There is no customer {request.customer_id}.")
        if row["unknown_products"]:
            return Problem(422, f"There is no product {', '.join(map(str, row['unknown_products']))}.")
        if len(row["currencies"]) > 1:
            return Problem(422, f"One order has one currency; these products have {', '.join(row['currencies'])}.")
        # What stood in the way has gone since: the read model was being filled.
        return Problem(503, "The price list changed meanwhile; try again.", retry_after_s=1)


def _values(request: OrderRequest) -> dict[str, object]:
    return {
        "customer_id": request.customer_id,
        "product_ids": [line.product_id for line in request.lines],
        "quantities": [line.quantity for line in request.lines],
    }
