"""The faults that an experiment may schedule: those that a service does to itself, and those done to it from outside.

`at` and `for` are seconds: after the beginning of the phase of faults, and until the fault is undone.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from stack.model import numbered
from stack.runtime import BALANCED
from stack.scaling import SERVICES

ASKABLE = ("products", "customers", "orders", "gateway")
"""The services that can be asked to do something to themselves."""

Share = Annotated[float, Field(gt=0, le=1)]
Ms = Annotated[int, Field(ge=1, le=60_000)]


def _is_target(target: str) -> str:
    if target not in SERVICES:
        try:
            service, _ = numbered(target)
        except Exception:
            service = ""
        if service not in SERVICES:
            raise ValueError(f"a target is a service ({', '.join(SERVICES)}) or one replica such as products-2")
    return target


Targets = Annotated[
    tuple[Annotated[str, AfterValidator(_is_target)], ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    Field(min_length=1),
]
"""One or several of: a replica, or a service, which means all its replicas."""


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    target: Targets
    at: float = Field(0, ge=0, le=3600)

    def until_s(self) -> float:
        """Seconds after the beginning of the phase of faults at which it is over."""
        return self.at

    def services(self) -> set[str]:
        return {service_of(target) for target in self.target}


class _Lasting(_Fault):
    for_s: float = Field(alias="for", gt=0, le=3600)

    def until_s(self) -> float:
        return self.at + self.for_s


class ServiceFault(_Lasting):
    """A fault that a service injects into itself, and ends by itself: see chassis/faults."""

    @model_validator(mode="after")
    def _can_be_asked(self) -> "ServiceFault":
        others = self.services() - set(ASKABLE)
        if others:
            raise ValueError(f"{', '.join(sorted(others))} injects no faults: only {', '.join(ASKABLE)} do")
        return self

    def body(self, scale: float = 1) -> dict[str, Any]:
        """What `PUT /faults` is given."""
        own = self.model_dump(exclude={"target", "at", "for_s"})
        return own | {"for_s": self.for_s / scale}


class Latency(ServiceFault):
    kind: Literal["latency"]
    delay_ms: Ms
    jitter_ms: int = Field(0, ge=0, le=60_000)
    distribution: Literal["fixed", "lognormal"] = "fixed"


class Error(ServiceFault):
    kind: Literal["error"]
    status: int = Field(500, ge=400, le=599)
    rate: Share = 1.0


class Rated(ServiceFault):
    kind: Literal["hang", "reset", "grey"]
    rate: Share = 1.0


class Crash(ServiceFault):
    """The process dies at once; whatever restarts it ends the fault."""

    kind: Literal["crash"]
    for_s: float = Field(1, alias="for", gt=0, le=3600)


class Leak(ServiceFault):
    kind: Literal["leak"]
    mib_per_s: int = Field(ge=1, le=100)


class Block(ServiceFault):
    kind: Literal["block"]
    block_ms: int = Field(ge=1, le=10_000)


class ExhaustPool(ServiceFault):
    kind: Literal["exhaust_pool"]


class Kill(_Fault):
    """SIGKILL. It is replaced after `for`; without it after the stack's replacement time, or as the runtime does."""

    kind: Literal["kill"]
    for_s: float | None = Field(None, alias="for", gt=0, le=3600)

    def until_s(self) -> float:
        return self.at + (self.for_s or 0)


class Held(_Lasting):
    """Frozen, off the network, stopped gracefully: until it is undone."""

    kind: Literal["pause", "cut", "stop"]


class Scale(_Lasting):
    """Another number of replicas for a while."""

    kind: Literal["scale"]
    replicas: int = Field(ge=1, le=50)

    @model_validator(mode="after")
    def _shares_the_load(self) -> "Scale":
        _check_balanced(self.target)
        return self


class Roll(_Fault):
    """A deployment: every replica is replaced, never fewer ready than the stack's minimum healthy."""

    kind: Literal["roll"]

    @model_validator(mode="after")
    def _shares_the_load(self) -> "Roll":
        _check_balanced(self.target)
        return self


AnyFault: TypeAlias = Annotated[
    Latency | Error | Rated | Crash | Leak | Block | ExhaustPool | Kill | Held | Scale | Roll,
    Field(discriminator="kind"),
]


def service_of(target: str) -> str:
    return target if target in SERVICES else numbered(target)[0]


def _check_balanced(targets: Sequence[str]) -> None:
    if not set(targets) <= set(BALANCED):
        raise ValueError(f"the target must be a service with a load balancer in front: {' or '.join(BALANCED)}")
