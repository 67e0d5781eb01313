"""What every fault is: the body that asks for it, and the two verbs that begin and end it."""

from abc import ABC, abstractmethod
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chassis.faults.exchange import Exchange
from chassis.faults.host import Host
from chassis.settings import Seconds

Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False, description="share of the requests that it strikes")]


class Fault(BaseModel):
    """A fault of some kind, for `for_s` seconds. Each is injected once and cleared once."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    kind: str
    for_s: Seconds

    def inject(self, host: Host) -> None:
        """Begin. Raises a Problem where the host has nothing that this fault could act on."""

    def clear(self, host: Host) -> None:
        """End, and leave everything as it was before."""


class RequestFault(Fault, ABC):
    """A fault that acts on the service's requests, one at a time."""

    @abstractmethod
    async def strike(self, exchange: Exchange, host: Host) -> None:
        """Act on this request; raises the Problem that it is to be answered with, if not by the service."""
