"""The settings of the orders service and of its seed."""

from pydantic import Field

from chassis.settings import DatabaseSettings, Settings


class OrdersSettings(DatabaseSettings):
    """Settings of `python -m services.orders`."""


class SeedSettings(Settings):
    """Settings of `python -m services.orders.seed`."""

    database_url: str = Field(..., pattern=r"^postgres(ql)?://", description="URL of PostgreSQL, with the role")
    orders_count: int = Field(5_000, ge=0, le=1_000_000, description="generated orders, added only if there are none")
