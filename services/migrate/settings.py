"""The settings of the migrate job."""

import os
from typing import Annotated

from pydantic import Field

from chassis.settings import Settings

Url = Annotated[str, Field(pattern=r"^postgres(ql)?://[^:@/]+:[^@/]+@.+/.+$")]
# The password is optional: with a hosted PostgreSQL it can come in libpq's variable PGPASSWORD.
AdminUrl = Annotated[str, Field(pattern=r"^postgres(ql)?://[^:@/]+(:[^@/]+)?@.+/.+$")]


class MigrateSettings(Settings):
    """Settings of `python -m services.migrate`. Each service's role gets the name and the password of its URL."""

    admin_database_url: AdminUrl = Field(..., description="URL of PostgreSQL, with an administrator's role")
    products_database_url: Url = Field(..., description="URL of the same database, with the role of Products")
    customers_database_url: Url = Field(..., description="URL of the same database, with the role of Customers")
    orders_database_url: Url = Field(..., description="URL of the same database, with the role of Orders")
    wait_for_database_s: float = Field(60.0, gt=0, le=3600, description="longest wait for PostgreSQL at the start")


def environment_for(database_url: str) -> dict[str, str]:
    """The environment for a seed: that of this job, but with only one database URL, that of the seed's service."""
    own = {
        name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL") and name != "PGPASSWORD"
    }
    return own | {"AFLOAT_DATABASE_URL": database_url}
