"""The operator's view of the patterns, and their switches: `/patterns`, on the gateway's own port only.

Breakers, bulkheads and caches are this process's own, by design: whoever runs several gateways asks each.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from chassis.problems import documented
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches


class SwitchChanges(BaseModel):
    """The patterns to switch; those left out stay as they are.

    After `for_s` seconds all are as they were before, whoever asked for it may be dead by then; any other change in the
    meantime is meant to stay, and nothing goes back.
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
        self._going_back: asyncio.TimerHandle | None = None

    def switch(self, changes: SwitchChanges) -> None:
        """From the next call on."""
        # Two that are for a while: what was before the first is what comes after the second.
        before = self._before or self.switches
        self._stay()
        self._set(replace(self.switches, **changes.model_dump(exclude_none=True, exclude={"for_s"})))
        if changes.for_s is not None:
            self._before = before
            self._going_back = asyncio.get_running_loop().call_later(changes.for_s, self._go_back, before)

    def _go_back(self, before: Switches) -> None:
        self._stay()
        self._set(before)

    def _stay(self) -> None:
        if self._going_back is not None:
            self._going_back.cancel()
        self._before = self._going_back = None

    def _set(self, switches: Switches) -> None:
        self.switches = switches
        for pipeline in self._pipelines:
            pipeline.switch(switches)

    def document(self) -> dict[str, Any]:
        """Every switch and every pipeline's state, as JSON knows it."""
        return {
            "switches": asdict(self.switches),
            "dependencies": {pipeline.name: asdict(pipeline.snapshot()) for pipeline in self._pipelines},
        }


def router(patterns: Patterns) -> APIRouter:
    """GET shows, PUT switches and shows."""
    routes = APIRouter()

    @routes.get("/patterns")
    async def show() -> dict[str, Any]:
        return patterns.document()

    @routes.put("/patterns", responses=documented(422))
    async def switch(changes: SwitchChanges) -> dict[str, Any]:
        patterns.switch(changes)
        return patterns.document()

    return routes
