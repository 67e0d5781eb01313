"""What the service asks the database, as `make statements` writes it. PostgreSQL builds the JSON of the answers."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    LargeBinary,
    Select,
    Text,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from chassis.sql import json_object, statement
from chassis.statements import Statement
from services.orders.schema import customer, order, order_line, price_list

_LINE = ("line_number", "product_id", "quantity", "unit_price_cents")
_ALWAYS: ColumnElement[bool] = literal_column("true")


def _document(head: FromClause, lines: ColumnElement[Any]) -> ColumnElement[str]:
    """An order as it is answered, the same whether it was just placed or is read again."""
    document = json_object(
        id=head.c.id,
        customer_id=head.c.customer_id,
        lines=lines,
        total_cents=head.c.total_cents,
        currency=head.c.currency,
        created_at=head.c.created_at,
    )
    return document.cast(Text).label("document")


def _lines(source: FromClause) -> ColumnElement[Any]:
    line = json_object(
        product_id=source.c.product_id, quantity=source.c.quantity, unit_price_cents=source.c.unit_price_cents
    )
    return func.json_agg(aggregate_order_by(line, source.c.line_number))


def _requested() -> Any:
    """The request's lines as a table; `quantity` is a bigint so that no product of it overflows."""
    return (
        func.unnest(bindparam("product_ids", type_=ARRAY(BigInteger)), bindparam("quantities", type_=ARRAY(BigInteger)))
        .table_valued(column("product_id", BigInteger), column("quantity", BigInteger), with_ordinality="line_number")
        .render_derived("requested")
    )


def _totalled(priced: FromClause) -> Select[Any]:
    """The order's own row, or none: for an unknown customer, a line without a price, or more than one currency."""
    return (
        select(bindparam("key", type_=Text), bindparam("fingerprint", type_=LargeBinary), customer.c.id)
        .add_columns(func.min(priced.c.currency), func.sum(priced.c.quantity * priced.c.unit_price_cents))
        .select_from(priced)
        .where(customer.c.id == bindparam("customer_id", type_=BigInteger))
        .group_by(customer.c.id)
        .having(func.count(priced.c.unit_price_cents) == func.count())
        .having(func.min(priced.c.currency) == func.max(priced.c.currency))
    )


def _place() -> Statement:
    """Take an order: one statement, one round trip, one transaction.

    A client that freezes or dies cannot hold the key's lock, since no transaction waits for it. `ON CONFLICT` waits
    for whoever is writing the same key: no row comes back if that one committed, and ours is written if it did not.
    """
    requested = _requested()
    priced = (
        select(requested.c.line_number, requested.c.product_id, requested.c.quantity)
        .add_columns(price_list.c.unit_price_cents, price_list.c.currency)
        .select_from(requested.outerjoin(price_list, price_list.c.product_id == requested.c.product_id))
        .cte("priced")
    )
    placed = (
        insert(order)
        .from_select(["idempotency_key", "fingerprint", "customer_id", "currency", "total_cents"], _totalled(priced))
        .on_conflict_do_nothing(index_elements=["idempotency_key"])
        .returning(order.c.id, order.c.customer_id, order.c.currency, order.c.total_cents, order.c.created_at)
        .cte("placed")
    )
    copied = select(placed.c.id, *(priced.c[name] for name in _LINE)).select_from(placed.join(priced, _ALWAYS))
    written = insert(order_line).from_select(["order_id", *_LINE], copied).cte("written")
    lines = select(_lines(priced)).scalar_subquery()
    return statement(select(placed.c.id, _document(placed, lines)).add_cte(written))


_STORED = _document(order, select(_lines(order_line)).where(order_line.c.order_id == order.c.id).scalar_subquery())


def _by_key() -> Statement:
    key = bindparam("key", type_=Text)
    return statement(select(order.c.id, order.c.fingerprint, _STORED).where(order.c.idempotency_key == key))


def _by_id() -> Statement:
    return statement(select(_STORED).where(order.c.id == bindparam("order_id", type_=BigInteger)))


def _of_customer() -> Statement:
    """Newest first. Ids are given in the order of asking, so that the id alone is the place in the list."""
    return statement(
        select(order.c.id, _STORED)
        .where(order.c.customer_id == bindparam("customer_id", type_=BigInteger))
        .where(order.c.id < bindparam("before_id", type_=BigInteger))
        .order_by(order.c.id.desc())
        .limit(bindparam("count", type_=Integer))
    )


def _obstacles() -> Statement:
    """Why an order could not be placed."""
    requested = _requested()
    joined = requested.outerjoin(price_list, price_list.c.product_id == requested.c.product_id)
    unpriced = aggregate_order_by(requested.c.product_id, requested.c.line_number)
    known = exists().where(customer.c.id == bindparam("customer_id", type_=BigInteger))
    return statement(
        select(
            known.label("customer_known"),
            func.array_agg(unpriced).filter(price_list.c.product_id.is_(None)).label("unknown_products"),
            func.array_agg(price_list.c.currency.distinct())
            .filter(price_list.c.product_id.is_not(None))
            .label("currencies"),
        ).select_from(joined)
    )


def statements() -> dict[str, Statement]:
    """What `statements.sql` has, by name."""
    return {
        "place": _place(),
        "by_key": _by_key(),
        "by_id": _by_id(),
        "of_customer": _of_customer(),
        "obstacles": _obstacles(),
    }
