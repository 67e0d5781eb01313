"""The settings of the gateway."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from chassis.settings import Seconds, ServiceSettings
from services.gateway import options

_BASE_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:(?P<port>[1-9]\d{0,4}))?")


def _base_url(text: str) -> str:
    match = _BASE_URL.fullmatch(text)
    if match is None or int(match["port"] or 80) > 65535:
        raise PydanticCustomError("base_url", "Write it as http://host:port, with nothing after the port")
    return text


BaseUrl = Annotated[str, AfterValidator(_base_url)]


class GatewaySettings(ServiceSettings):
    """Where the dependencies are, and the limits of a call."""

    products_url: BaseUrl = Field(..., description="the load balancer's internal port, in front of all of Products")
    customers_url: BaseUrl = Field(..., description="where Customers listens")
    orders_url: BaseUrl = Field(..., description="where Orders listens")
    products_patterns: str = Field("{}", description="changes to the patterns around Products, a JSON object")
    customers_patterns: str = Field("{}", description="the same around Customers")
    orders_patterns: str = Field("{}", description="the same around Orders")
    dependency_keep_alive_s: Seconds = Field(
        30, description="idle connections are closed after this, before the peer's 75 s"
    )
    max_answer_bytes: int = Field(1_048_576, ge=1024, description="largest answer taken from a dependency")

    @field_validator("products_patterns", "customers_patterns", "orders_patterns")
    @classmethod
    def _patterns(cls, text: str) -> str:
        try:
            options.from_json(options.PRODUCTS, text)
        except ValueError as error:
            raise PydanticCustomError("patterns", "{sentence}", {"sentence": str(error)}) from None
        return text
