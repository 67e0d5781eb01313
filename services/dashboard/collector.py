"""Asks every replica at the same time: whether it is ready, what it has counted, and which faults are on."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from services.dashboard import exposition, reports
from services.dashboard.places import Place, Places
from services.dashboard.private_ports import Answer, NoAnswer, PrivatePorts, Silent
from services.dashboard.reading import Reading, State

_AT_ONCE = 16


class Collector:
    """The name of a replica comes from its place, or else from the replica itself."""

    def __init__(self, places: Places, ports: PrivatePorts) -> None:
        self._places = places
        self._ports = ports
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._names: dict[Place, str] = {}
        self.known: dict[str, Place] = {}
        """The places of the replicas, by name, from the last `collect`."""

    async def collect(self) -> list[Reading]:
        places = await self._places.find()
        readings = await asyncio.gather(*(self._look(place) for place in places))
        found = _by_name(zip(places, readings, strict=True))
        self._names = {place: name for place, name in self._names.items() if place in places}
        self.known = {name: place for name, (place, _) in found.items()}
        return [reading for _, reading in found.values()]

    async def _look(self, place: Place) -> Reading:
        async with self._slots:
            try:
                answer = await self._ports.ask(place, "/healthz" if place.service == "lb" else "/readyz")
            except NoAnswer as error:
                state: State = "silent" if isinstance(error, Silent) else "down"
                named = bool(place.name or place in self._names)
                return Reading(self._name(place), place.service, state, named=named)
            if name := reports.name(answer.served_by):
                self._names[place] = name
            state, detail = _state(answer)
            if place.service == "lb":
                return Reading(self._name(place), place.service, state, detail)
            return await self._ask_more(place, state, detail)

    async def _ask_more(self, place: Place, state: State, detail: str) -> Reading:
        """The replica answers. A report that is missing now may come the next time."""
        paths = ["/metrics", "/faults"] + (["/patterns"] if place.service == "gateway" else [])
        metrics, faults, *patterns = await asyncio.gather(*(self._ask(place, path) for path in paths))
        return Reading(
            self._name(place),
            place.service,
            state,
            detail,
            counts=exposition.read(metrics.body.decode("utf-8", "replace")) if metrics else None,
            patterns=reports.patterns(patterns[0].body) if patterns and patterns[0] else None,
            faults=reports.faults(faults.body) if faults else None,
        )

    async def _ask(self, place: Place, path: str) -> Answer | None:
        try:
            answer = await self._ports.ask(place, path)
        except NoAnswer:
            return None
        return answer if answer.status == 200 else None

    def _name(self, place: Place) -> str:
        return place.name or self._names.get(place) or _address(place)


def _by_name(looks: Iterable[tuple[Place, Reading]]) -> dict[str, tuple[Place, Reading]]:
    """The second replica with a name gets its address as its name, so that it does not get the first one's commands."""
    found: dict[str, tuple[Place, Reading]] = {}
    for place, reading in looks:
        if reading.name in found:
            reading = replace(reading, name=_address(place), named=False)
        found[reading.name] = place, reading
    return found


def _address(place: Place) -> str:
    return f"{place.service} at {place.host}"


def _state(answer: Answer) -> tuple[State, str]:
    if answer.status == 200:
        return "ready", ""
    problem = answer.document
    return "not_ready", "stopping" if problem.get("reason") == "draining" else reports.detail(problem.get("detail"))
