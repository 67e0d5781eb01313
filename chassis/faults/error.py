"""Error: requests fail before they reach the service."""

from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Rate, RequestFault
from chassis.faults.host import Host
from chassis.problems import Problem

_STATUSES = frozenset(HTTPStatus)
_WORTH_A_RETRY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def _known(status: int) -> int:
    if status not in _STATUSES:
        raise PydanticCustomError("http_status", "Input should be a known HTTP status")
    return status


class Error(RequestFault):
    """Answers with a problem document that has this status."""

    kind: Literal["error"]
    status: Annotated[int, Field(ge=400, le=599), AfterValidator(_known)] = 500
    rate: Rate = 1.0

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.rng.random() < self.rate:
            retry_after_s = 1 if self.status in _WORTH_A_RETRY else None
            raise Problem(self.status, "A fault was injected: error.", retry_after_s=retry_after_s)
