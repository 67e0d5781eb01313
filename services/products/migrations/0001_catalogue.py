"""The catalogue, its full-text search, the words for misspelt searches and the key that signs cursors."""

from alembic import op

revision = "0001"
down_revision = None

_PRODUCT = """
CREATE TABLE products.product (
    id          bigint PRIMARY KEY CHECK (id > 0),
    name        text NOT NULL CHECK (name <> ''),
    brand       text NOT NULL CHECK (brand <> ''),
    category    text NOT NULL CHECK (category <> ''),
    description text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at  timestamptz NOT NULL,
    -- What is searched for: words, and brand and category whole, as lexemes that no text can produce.
    search      tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', name), 'A')
        || setweight(to_tsvector('english', brand || ' ' || category), 'B')
        || setweight(to_tsvector('english', description), 'D')
        || array_to_tsvector(ARRAY['brand=' || lower(brand), 'category=' || lower(category)])
    ) STORED
)
"""

# A pair of random UUIDs has 244 random bits.
_CURSOR_KEY = """
INSERT INTO products.cursor_key VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
"""


def upgrade() -> None:
    op.execute(_PRODUCT)
    # fastupdate would let every search read a list of pending changes; the catalogue hardly changes.
    for number, ids in enumerate(("id <= 10000", "id > 10000 AND id <= 100000", "id > 100000"), 1):
        op.execute(
            f"CREATE INDEX product_search_shelf_{number} ON products.product"
            f" USING gin (search) WITH (fastupdate = off) WHERE {ids}"
        )
    op.execute("CREATE INDEX product_price ON products.product (price_cents, id)")
    op.execute("CREATE INDEX product_newest ON products.product (created_at, id)")
    op.execute("CREATE TABLE products.word (word text PRIMARY KEY, products integer NOT NULL)")
    op.execute("CREATE INDEX word_trigrams ON products.word USING gist (word gist_trgm_ops)")
    op.execute("CREATE TABLE products.cursor_key (key bytea NOT NULL)")
    op.execute(_CURSOR_KEY)
