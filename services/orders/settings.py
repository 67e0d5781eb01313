"""What the orders service and its seed can be told."""

from pydantic import Field

from chassis.settings import DatabaseSettings, Settings


class OrdersSettings(DatabaseSettings):
    """Settings of `python -m services.orders`."""


class SeedSettings(Settings):
    """Settings of `python -m services.orders.seed`."""

    database_url: str = Field(..., pattern=r"^postgres(ql)?://", description="where PostgreSQL is, as which role")
    orders_count: int = Field(5_000, ge=0, le=1_000_000, description="generated orders, made only where there are none")
