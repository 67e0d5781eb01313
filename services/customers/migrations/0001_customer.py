"""The customers."""

from alembic import op

revision = "0001"
down_revision = None

_CUSTOMER = """
CREATE TABLE customers.customer (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id > 0),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- Lower case only: one mailbox, one customer.
    email      text NOT NULL UNIQUE CHECK (email = lower(email) AND email LIKE '_%@_%' AND length(email) <= 254),
    city       text NOT NULL CHECK (length(city) BETWEEN 1 AND 100),
    country    char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    created_at timestamptz NOT NULL DEFAULT now()
)
"""


def upgrade() -> None:
    op.execute(_CUSTOMER)
