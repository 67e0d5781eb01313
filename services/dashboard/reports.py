"""What a replica reports about itself, checked before the dashboard uses it. A malformed report counts as no report.

A report reaches every open page. So its numbers must be finite and bounded and its words short, and members that the
dashboard does not use are left out, except for a few settings of a fault.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Count = Annotated[int, Field(ge=0, le=2**53)]
Whole = Annotated[int, Field(ge=-(10**12), le=10**12)]
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

log = structlog.get_logger("dashboard")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,62}")
_MOST = 32
_MOST_SETTINGS = 8
_MAX_DETAIL = 200


class _CircuitBreaker(BaseModel):
    state: Word
    failure_rate: Number | None
    calls: Count
    next_probe_in_s: Number | None
    opened: Count


class _Bulkhead(BaseModel):
    in_use: Count
    queued: Count
    max_concurrent: Count
    max_queued: Count


class _RetryBudget(BaseModel):
    retried: Count
    refused: Count


class _Fallback(BaseModel):
    stale_served: Count


class _Dependency(BaseModel):
    circuit_breaker: _CircuitBreaker
    bulkhead: _Bulkhead
    retry_budget: _RetryBudget
    fallback: _Fallback | None
    in_flight: Count
    rejected: Annotated[dict[Word, Count], Field(max_length=_MOST)]


class _Patterns(BaseModel):
    """The switches of a gateway, and the state of its patterns around each service."""

    switches: Annotated[dict[Word, bool], Field(max_length=_MOST)]
    dependencies: Annotated[dict[Word, _Dependency], Field(max_length=_MOST)]


class _Fault(BaseModel):
    """The settings that are used in sentences are numbers."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Word, Whole | Number | Word] = Field(init=False)

    kind: Word
    left_s: Number
    rate: Number = 1
    delay_ms: Whole | Number = 0
    status: Whole = 500
    mib_per_s: Whole | Number = 0
    block_ms: Whole | Number = 0

    @model_validator(mode="after")
    def _few(self) -> Self:
        if len(self.__pydantic_extra__) > _MOST_SETTINGS:
            raise ValueError(f"it has more than {_MOST_SETTINGS} further settings")
        return self


class _Faults(BaseModel):
    faults: Annotated[list[_Fault], Field(max_length=_MOST)]


def patterns(body: bytes) -> Mapping[str, Any] | None:
    """The body of `GET /patterns`; None if it is malformed."""
    try:
        return _Patterns.model_validate_json(body).model_dump()
    except ValidationError as error:
        _log_malformed(error)
        return None


def faults(body: bytes) -> tuple[Mapping[str, Any], ...] | None:
    """The body of `GET /faults`; None if it is malformed."""
    try:
        return tuple(fault.model_dump(exclude_unset=True) for fault in _Faults.model_validate_json(body).faults)
    except ValidationError as error:
        _log_malformed(error)
        return None


def name(served_by: str) -> str:
    """The name that a replica gives itself; empty if that is not a name."""
    return served_by if _NAME.fullmatch(served_by) else ""


def detail(reason: Any) -> str:
    """The reason why a replica is not ready, as one short line of text."""
    return " ".join(str(reason or "").encode("utf-8", "replace").decode().split())[:_MAX_DETAIL]


def _log_malformed(error: ValidationError) -> None:
    """Only at the level debug: a replica that reports nonsense does so every second."""
    wrong = error.errors(include_url=False, include_context=False, include_input=False)[:3]
    log.debug("malformed_report", what=error.title, errors=[f"{error['loc']}: {error['msg']}"[:200] for error in wrong])
