"""The catalogue, its full-text search, the words for misspelt searches and the key that signs cursors."""

from alembic import op

from services.products.schema import metadata

revision = "0001"
down_revision = None

# A pair of random UUIDs has 244 random bits.
_CURSOR_KEY = """
INSERT INTO products.cursor_key VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
"""


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.execute(_CURSOR_KEY)
