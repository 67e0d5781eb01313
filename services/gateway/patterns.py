"""The operator's view of the patterns, and their switches: `/patterns`, on the gateway's own port only.

Breakers, bulkheads and caches are this process's own, by design: whoever runs several gateways asks each.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StrictBool

from chassis.problems import documented
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches


class SwitchChanges(BaseModel):
    """The patterns to switch; those left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    timeouts: StrictBool | None = None
    circuit_breakers: StrictBool | None = None
    bulkheads: StrictBool | None = None
    retries: StrictBool | None = None
    retry_budgets: StrictBool | None = None
    fallbacks: StrictBool | None = None


class Patterns:
    """The pipelines of this gateway, switched together."""

    def __init__(self, pipelines: Sequence[Pipeline]) -> None:
        self._pipelines = pipelines
        self.switches = Switches()

    def switch(self, changes: SwitchChanges) -> None:
        """From the next call on."""
        self.switches = replace(self.switches, **changes.model_dump(exclude_none=True))
        for pipeline in self._pipelines:
            pipeline.switch(self.switches)

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
