"""Readings of a stack as the collector returns them, and a clock that a test moves."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from resilience.pipeline import Pipeline
from resilience.pipeline_state import PipelineSnapshot, Switches
from services.dashboard.board import Board
from services.dashboard.document import State
from services.dashboard.exposition import Counts
from services.dashboard.reading import Reading
from services.dashboard.visits import JOURNEYS, Outcome, Visit

START = 1_800_000_000.0
REPLICAS = ("lb-1", "gateway-1", "products-1", "products-2", "products-3", "customers-1", "orders-1")


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        return self.at


def patterns(switches: Switches | None = None, **circuits: str) -> dict[str, Any]:
    """The answer of a gateway to `GET /patterns`. A breaker that is not named is closed."""
    dependencies = {}
    for name in ("products", "customers", "orders"):
        snapshot: PipelineSnapshot = Pipeline(name).snapshot()
        circuit = replace(snapshot.circuit_breaker, state=circuits.get(name, "closed"), calls=30, failure_rate=0.0)
        dependencies[name] = asdict(replace(snapshot, circuit_breaker=circuit))
    return {"switches": asdict(switches or Switches()), "dependencies": dependencies}


def readings(reported: Mapping[str, Any] | None = None, **changed: Mapping[str, Any]) -> list[Reading]:
    """A healthy stack, except for what is `changed`, by the name of the replica with an underscore."""
    looks = []
    for name in REPLICAS:
        service = name.rpartition("-")[0]
        look = Reading(name, service, "ready", counts=Counts(0, 0, ()), faults=())
        if service == "gateway":
            look = replace(look, patterns=reported or patterns())
        looks.append(replace(look, **changed.get(name.replace("-", "_"), {})))
    return looks


def visits(outcome: Outcome = "answered", journeys: tuple[str, ...] = JOURNEYS, each: int = 5) -> list[Visit]:
    """So many visits of each journey. Journeys that are not named are answered."""
    return [
        Visit(journey, outcome if journey in journeys else "answered", 10.0)
        for journey in JOURNEYS
        for _ in range(each)
    ]


class Watched:
    """A board that has seen a healthy stack once."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.board = Board(self.clock)
        self.look()

    def look(self, looks: list[Reading] | None = None, came: list[Visit] | None = None, seconds: int = 1) -> State:
        for _ in range(seconds):
            self.clock.at += 1
            arrived = visits() if came is None else came
            state = self.board.observe(readings() if looks is None else looks, arrived, 20.0)
        return state

    @property
    def log(self) -> list[str]:
        """The sentences of the log, the latest last."""
        return [entry["text"].replace("\u00a0", " ") for entry in self.board.full["log"]]
