"""The tables of the schema `orders`. The first migration creates them, and the statements are built with them."""

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)

metadata = MetaData(schema="orders")

# The read model, filled by the migrate job. With it, Orders can place an order without another service.
customer = Table(
    "customer",
    metadata,
    Column("id", BigInteger, CheckConstraint("id > 0"), primary_key=True, autoincrement=False),
)

price_list = Table(
    "price_list",
    metadata,
    Column("product_id", BigInteger, CheckConstraint("product_id > 0"), primary_key=True, autoincrement=False),
    Column("unit_price_cents", Integer, CheckConstraint("unit_price_cents >= 0"), nullable=False),
    Column("currency", CHAR(3), CheckConstraint("currency ~ '^[A-Z]{3}$'"), nullable=False),
)

# The largest total: 50 lines of 99 pieces at the highest price. A bigint and a float in a JSON reader hold it exactly.
_TOTAL = "total_cents BETWEEN 0 AND 50 * 99 * 2147483647::bigint"

# The key is a column of the order, so the database refuses an order without a key and a second order with the same key.
# It is unique among all customers, because there is no login. A request for another customer has another body.
order = Table(
    "order",
    metadata,
    Column("id", BigInteger, Identity(always=True), CheckConstraint("id > 0"), primary_key=True),
    Column("idempotency_key", Text, CheckConstraint("idempotency_key ~ '^[ -~]{1,255}$'"), nullable=False, unique=True),
    Column("fingerprint", LargeBinary, CheckConstraint("octet_length(fingerprint) = 32"), nullable=False),
    Column("customer_id", BigInteger, ForeignKey(customer.c.id), nullable=False),
    Column("currency", CHAR(3), CheckConstraint("currency ~ '^[A-Z]{3}$'"), nullable=False),
    Column("total_cents", BigInteger, CheckConstraint(_TOTAL), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # The call that placed the order. If this call is sent again, it recognizes its own order.
    Column("call_id", Uuid),
)
Index("order_of_customer", order.c.customer_id, order.c.id)

# There is no reference to price_list, so that a product can be deleted and its orders stay.
order_line = Table(
    "order_line",
    metadata,
    Column("order_id", BigInteger, ForeignKey(order.c.id), primary_key=True, autoincrement=False),
    Column("line_number", SmallInteger, CheckConstraint("line_number BETWEEN 1 AND 50"), primary_key=True),
    Column("product_id", BigInteger, CheckConstraint("product_id > 0"), nullable=False),
    Column("quantity", SmallInteger, CheckConstraint("quantity BETWEEN 1 AND 99"), nullable=False),
    Column("unit_price_cents", Integer, CheckConstraint("unit_price_cents >= 0"), nullable=False),
    UniqueConstraint("order_id", "product_id"),
)
