"""The base classes of all faults: the body of a request for a fault, and the methods `inject` and `clear`."""

from abc import ABC, abstractmethod
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chassis.faults.exchange import Exchange
from chassis.faults.host import Host
from chassis.settings import Seconds

Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False, description="share of the requests that are affected")]


class Fault(BaseModel):
    """A fault that lasts `for_s` seconds. It is injected once and cleared once."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: str
    for_s: Seconds

    def inject(self, host: Host) -> None:
        """Start the fault. Raises a Problem if the host does not have what the fault acts on."""

    def clear(self, host: Host) -> None:
        """End the fault, and restore the state before it."""


class RequestFault(Fault, ABC):
    """A fault that acts on the service's requests, one at a time."""

    @abstractmethod
    async def strike(self, exchange: Exchange, host: Host) -> None:
        """Act on this request. Raises a Problem if that is the answer; otherwise the service answers."""
