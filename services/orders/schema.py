"""The tables of the schema `orders`, as SQLAlchemy Core sees them; the migrations make them."""

from sqlalchemy import CHAR, BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

metadata = MetaData(schema="orders")

customer = Table("customer", metadata, Column("id", BigInteger, primary_key=True))

price_list = Table(
    "price_list",
    metadata,
    Column("product_id", BigInteger, primary_key=True),
    Column("unit_price_cents", Integer, nullable=False),
    Column("currency", CHAR(3), nullable=False),
)

order = Table(
    "order",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("idempotency_key", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("currency", CHAR(3), nullable=False),
    Column("total_cents", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

order_line = Table(
    "order_line",
    metadata,
    Column("order_id", BigInteger, primary_key=True),
    Column("line_number", SmallInteger, primary_key=True),
    Column("product_id", BigInteger, nullable=False),
    Column("quantity", SmallInteger, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
)
