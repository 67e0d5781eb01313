"""`/patterns`: the state of the patterns and their switches, for the operator, on the gateway's own port only.

Each gateway process has its own breakers, bulkheads and caches. With several gateways, the operator asks each one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from chassis.problems import documented
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches


class SwitchChanges(BaseModel):
    """The patterns to switch. A pattern that is left out stays as it is.

    After `for_s` seconds, if it is given, the switches return to their old state, even if the client that made the
    change has stopped. A later change without `for_s` is permanent.
    """

    model_config = ConfigDict(extra="forbid")

    timeouts: StrictBool | None = None
    circuit_breakers: StrictBool | None = None
    bulkheads: StrictBool | None = None
    retries: StrictBool | None = None
    retry_budgets: StrictBool | None = None
    fallbacks: StrictBool | None = None
    for_s: float | None = Field(None, gt=0, le=3600, allow_inf_nan=False)


class Patterns:
    """The pipelines of this gateway, switched together."""

    def __init__(self, pipelines: Sequence[Pipeline]) -> None:
        self._pipelines = pipelines
        self.switches = Switches()
        self._before: Switches | None = None
        self._timer: asyncio.TimerHandle | None = None

    def switch(self, changes: SwitchChanges) -> None:
        """Switch patterns. This affects the next calls."""
        # After two temporary changes, the state before the first one comes back.
        before = self._before or self.switches
        self._stop_timer()
        self._set(replace(self.switches, **changes.model_dump(exclude_none=True, exclude={"for_s"})))
        if changes.for_s is not None:
            self._before = before
            self._timer = asyncio.get_running_loop().call_later(changes.for_s, self._go_back, before)

    def _go_back(self, before: Switches) -> None:
        self._stop_timer()
        self._set(before)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._before = self._timer = None

    def _set(self, switches: Switches) -> None:
        self.switches = switches
        for pipeline in self._pipelines:
            pipeline.switch(switches)

    def document(self) -> dict[str, Any]:
        """Every switch and the state of every pipeline, for JSON."""
        return {
            "switches": asdict(self.switches),
            "dependencies": {pipeline.name: asdict(pipeline.snapshot()) for pipeline in self._pipelines},
        }


# It is on the private port only, so it is not in the public documentation.
router = APIRouter(include_in_schema=False)


async def _patterns(request: Request) -> Patterns:
    patterns: Patterns = request.app.state.patterns
    return patterns


PatternsDependency = Annotated[Patterns, Depends(_patterns)]


@router.get("/patterns")
async def show(patterns: PatternsDependency) -> dict[str, Any]:
    """The switches and the state of every pipeline."""
    return patterns.document()


@router.put("/patterns", responses=documented(422))
async def switch(changes: SwitchChanges, patterns: PatternsDependency) -> dict[str, Any]:
    """Switch patterns on or off."""
    patterns.switch(changes)
    return patterns.document()
