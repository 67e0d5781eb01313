"""The call that placed an order. In a new database the first migration has created the column already."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("order", sa.Column("call_id", sa.Uuid), schema="orders", if_not_exists=True)
