"""The table of the schema `customers`, as SQLAlchemy Core sees it; the migrations make it."""

from sqlalchemy import CHAR, BigInteger, Column, DateTime, MetaData, Table, Text

metadata = MetaData(schema="customers")

customer = Table(
    "customer",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("country", CHAR(2), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
