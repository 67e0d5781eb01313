"""What the product search can be told, beside what every service with a database can."""

from pydantic import Field

from chassis.settings import DatabaseSettings, Settings


class ProductsSettings(DatabaseSettings):
    """Settings of `python -m services.products`."""


class SeedSettings(Settings):
    """Settings of `python -m services.products.seed`."""

    database_url: str = Field(
        ..., pattern=r"^postgres(ql)?://", description="where PostgreSQL is, as the role products"
    )
    products_count: int = Field(100_000, ge=1, le=1_000_000, description="how many products the catalogue has")
