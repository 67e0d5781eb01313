"""What the migrate job can be told."""

import os
from typing import Annotated

from pydantic import Field

from chassis.settings import Settings

Url = Annotated[str, Field(pattern=r"^postgres(ql)?://[^:@/]+:[^@/]+@.+/.+$")]
# A hosted PostgreSQL keeps its administrator's password in a place of its own: then it comes as libpq's PGPASSWORD.
AdminUrl = Annotated[str, Field(pattern=r"^postgres(ql)?://[^:@/]+(:[^@/]+)?@.+/.+$")]


class MigrateSettings(Settings):
    """Settings of `python -m services.migrate`. Each service's role gets the user and password of its URL."""

    admin_database_url: AdminUrl = Field(..., description="where PostgreSQL is, as an administrator")
    products_database_url: Url = Field(..., description="the same database as the role of Products")
    customers_database_url: Url = Field(..., description="the same database as the role of Customers")
    orders_database_url: Url = Field(..., description="the same database as the role of Orders")
    wait_for_database_s: float = Field(60.0, gt=0, le=3600, description="longest wait for PostgreSQL at the start")


def environment_for(database_url: str) -> dict[str, str]:
    """This job's own environment for a seed that it starts, with one way into the database: as that service's role."""
    own = {
        name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL") and name != "PGPASSWORD"
    }
    return own | {"AFLOAT_DATABASE_URL": database_url}
