"""The tables of the schema `products`, as SQLAlchemy Core sees them; the migrations make them."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = MetaData(schema="products")

SHELF_ENDS = (10_000, 100_000)
"""Products are numbered by popularity: 1 sells best. The index on `search` is cut in shelves that end after these ids,
so that a search can stop after the shelves in which it found enough. See `search.py`."""

product = Table(
    "product",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("price_cents", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("search", TSVECTOR, nullable=False),
)

word = Table(
    "word",
    metadata,
    Column("word", Text, primary_key=True),
    Column("products", Integer, nullable=False),
)

cursor_key = Table("cursor_key", metadata, Column("key", LargeBinary, nullable=False))
