"""The table of the schema `customers`. The first migration creates it, and the statements are built with it."""

from sqlalchemy import CHAR, BigInteger, CheckConstraint, Column, DateTime, Identity, MetaData, Table, Text, func

metadata = MetaData(schema="customers")

# Only lower case, so that a mailbox belongs to one customer.
_MAILBOX = "email = lower(email) AND email LIKE '_%@_%' AND length(email) <= 254"

customer = Table(
    "customer",
    metadata,
    Column("id", BigInteger, Identity(always=True), CheckConstraint("id > 0"), primary_key=True),
    Column("name", Text, CheckConstraint("length(name) BETWEEN 1 AND 200"), nullable=False),
    Column("email", Text, CheckConstraint(_MAILBOX), nullable=False, unique=True),
    Column("city", Text, CheckConstraint("length(city) BETWEEN 1 AND 100"), nullable=False),
    Column("country", CHAR(2), CheckConstraint("country ~ '^[A-Z]{2}$'"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
