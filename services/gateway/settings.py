"""What the gateway can be told."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chassis.settings import Seconds, ServiceSettings

_BASE_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:(?P<port>[1-9]\d{0,4}))?")


def _base_url(text: str) -> str:
    match = _BASE_URL.fullmatch(text)
    if match is None or int(match["port"] or 80) > 65535:
        raise PydanticCustomError("base_url", "Write it as http://host:port, with nothing after the port")
    return text


BaseUrl = Annotated[str, AfterValidator(_base_url)]


class GatewaySettings(ServiceSettings):
    """Where the dependencies are, and how much of the gateway one call may take up."""

    products_url: BaseUrl = Field(..., description="the load balancer's internal port, in front of all of Products")
    customers_url: BaseUrl = Field(..., description="where Customers listens")
    orders_url: BaseUrl = Field(..., description="where Orders listens")
    # The load balancer gives a hung replica its whole read timeout (1 s) before it asks the next: two hung ones fit.
    products_timeout_s: Seconds = Field(2.5, description="longest that one call of Products may take")
    customers_timeout_s: Seconds = Field(1.0, description="longest that one call of Customers may take")
    orders_timeout_s: Seconds = Field(1.0, description="longest that one call of Orders may take")
    dependency_connections: int = Field(100, ge=1, le=1000, description="connections to each dependency at most")
    dependency_keep_alive_s: Seconds = Field(
        30, description="idle connections are closed after this, before the peer's 75 s"
    )
    max_answer_bytes: int = Field(1_048_576, ge=1024, description="largest answer taken from a dependency")
