"""The settings of the customers service and of its seed."""

from pydantic import Field

from chassis.settings import DatabaseSettings, Settings


class CustomersSettings(DatabaseSettings):
    """Settings of `python -m services.customers`."""


class SeedSettings(Settings):
    """Settings of `python -m services.customers.seed`."""

    database_url: str = Field(..., pattern=r"^postgres(ql)?://", description="URL of PostgreSQL, with the role")
    customers_count: int = Field(10_000, ge=0, le=1_000_000, description="generated customers, with ids from 1")
