"""The settings of the product search and of its seed."""

from pydantic import Field

from chassis.settings import DatabaseSettings, Settings


class ProductsSettings(DatabaseSettings):
    """Settings of `python -m services.products`."""


class SeedSettings(Settings):
    """Settings of `python -m services.products.seed`."""

    database_url: str = Field(
        ..., pattern=r"^postgres(ql)?://", description="URL of PostgreSQL, with the role products"
    )
    products_count: int = Field(100_000, ge=1, le=1_000_000, description="how many products the catalogue has")
