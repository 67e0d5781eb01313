"""The tables of the schema `products`. The first migration creates them, and the statements are built with them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

metadata = MetaData(schema="products")

SHELF_ENDS = (10_000, 100_000)
"""Ids are in the order of popularity: product 1 sells best. The index on `search` is split into shelves that end at
these ids. A search stops after the first shelves if it has found enough there. See `search.py`."""

# The words, and the whole brand and category as lexemes with `=`, which words cannot contain.
_SEARCH = """
setweight(to_tsvector('english', name), 'A')
|| setweight(to_tsvector('english', brand || ' ' || category), 'B')
|| setweight(to_tsvector('english', description), 'D')
|| array_to_tsvector(ARRAY['brand=' || lower(brand), 'category=' || lower(category)])
"""

product = Table(
    "product",
    metadata,
    Column("id", BigInteger, CheckConstraint("id > 0"), primary_key=True, autoincrement=False),
    Column("name", Text, CheckConstraint("name <> ''"), nullable=False),
    Column("brand", Text, CheckConstraint("brand <> ''"), nullable=False),
    Column("category", Text, CheckConstraint("category <> ''"), nullable=False),
    Column("description", Text, nullable=False),
    Column("price_cents", Integer, CheckConstraint("price_cents >= 0"), nullable=False),
    Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("search", TSVECTOR, Computed(_SEARCH, persisted=True), nullable=False),
)

_SHELVES = (f"id <= {SHELF_ENDS[0]}", f"id > {SHELF_ENDS[0]} AND id <= {SHELF_ENDS[1]}", f"id > {SHELF_ENDS[1]}")
for _number, _ids in enumerate(_SHELVES, 1):
    # With fastupdate, every search would also read a list of pending changes. The catalogue seldom changes.
    Index(
        f"product_search_shelf_{_number}",
        product.c.search,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
        postgresql_where=text(_ids),
    )
Index("product_price", product.c.price_cents, product.c.id)
Index("product_newest", product.c.created_at, product.c.id)

word = Table(
    "word",
    metadata,
    Column("word", Text, primary_key=True),
    Column("products", Integer, nullable=False),
)
Index("word_trigrams", word.c.word, postgresql_using="gist", postgresql_ops={"word": "gist_trgm_ops"})

cursor_key = Table("cursor_key", metadata, Column("key", LargeBinary, nullable=False))
