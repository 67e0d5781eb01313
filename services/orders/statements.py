"""The statements of Orders: one places an order, the others read."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    LargeBinary,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from services.orders.schema import customer, order, order_line, price_list

HEAD = [order.c[name] for name in ("id", "customer_id", "total_cents", "currency", "created_at")]
_LINE = ("line_number", "product_id", "quantity", "unit_price_cents")


def _requested() -> Any:
    """The request's lines as a table. `quantity` is a bigint, so that quantity x price cannot overflow."""
    return (
        func.unnest(bindparam("product_ids", type_=ARRAY(BigInteger)), bindparam("quantities", type_=ARRAY(BigInteger)))
        .table_valued(column("product_id", BigInteger), column("quantity", BigInteger), with_ordinality="line_number")
        .render_derived("requested")
    )


def _totalled(priced: FromClause) -> Select[Any]:
    """The row of the order with its total. No row if the customer or a price is unknown or currencies differ."""
    return (
        select(bindparam("key", type_=Text), bindparam("fingerprint", type_=LargeBinary))
        .add_columns(bindparam("call_id", type_=Uuid), customer.c.id)
        .add_columns(func.min(priced.c.currency), func.sum(priced.c.quantity * priced.c.unit_price_cents))
        .select_from(priced.join(customer, customer.c.id == bindparam("customer_id", type_=BigInteger)))
        .group_by(customer.c.id)
        .having(func.count(priced.c.unit_price_cents) == func.count())
        .having(func.min(priced.c.currency) == func.max(priced.c.currency))
    )


def _place() -> Select[Any]:
    """Place an order, in one statement and one transaction. Returns one row for each line, or no rows.

    The transaction does not wait for the client, so a client that hangs cannot keep the key locked. If another
    statement is writing the same key, `ON CONFLICT` waits for its end. If that one commits, this returns no rows. If it
    rolls back, this places the order.
    """
    requested = _requested()
    priced = (
        select(requested.c.line_number, requested.c.product_id, requested.c.quantity)
        .add_columns(price_list.c.unit_price_cents, price_list.c.currency)
        .select_from(requested.outerjoin(price_list, price_list.c.product_id == requested.c.product_id))
        .cte("priced")
    )
    head = ["idempotency_key", "fingerprint", "call_id", "customer_id", "currency", "total_cents"]
    placed = (
        insert(order)
        .from_select(head, _totalled(priced))
        .on_conflict_do_nothing(index_elements=["idempotency_key"])
        .returning(*HEAD)
        .cte("placed")
    )
    line = [priced.c[name] for name in _LINE]
    both = placed.join(priced, true())
    copied = select(placed.c.id, *line).select_from(both)
    written = insert(order_line).from_select(["order_id", *_LINE], copied).cte("written")
    return select(*placed.c, *line).select_from(both).add_cte(written).order_by(priced.c.line_number)


def _obstacles() -> Select[Any]:
    """Finds out why an order could not be placed."""
    requested = _requested()
    joined = requested.outerjoin(price_list, price_list.c.product_id == requested.c.product_id)
    unpriced = aggregate_order_by(requested.c.product_id, requested.c.line_number)
    known = exists().where(customer.c.id == bindparam("customer_id", type_=BigInteger))
    columns: list[ColumnElement[Any]] = [
        known.label("customer_known"),
        func.array_agg(unpriced).filter(price_list.c.product_id.is_(None)).label("unknown_products"),
        func.array_agg(price_list.c.currency.distinct())
        .filter(price_list.c.product_id.is_not(None))
        .label("currencies"),
    ]
    return select(*columns).select_from(joined)


PLACE = _place()
OBSTACLES = _obstacles()


def with_lines(orders: FromClause) -> Select[Any]:
    """These orders with their lines: one row for each line, the newest order first."""
    lines = [order_line.c[name] for name in _LINE]
    return (
        select(*orders.c, *lines)
        .select_from(orders.join(order_line, order_line.c.order_id == orders.c.id))
        .order_by(orders.c.id.desc(), order_line.c.line_number)
    )
