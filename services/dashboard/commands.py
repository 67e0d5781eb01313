"""The commands of the operator. A command goes to the private ports of all replicas that it is for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.problems import Problem
from services.dashboard.collector import Collector
from services.dashboard.places import Place
from services.dashboard.private_ports import NoAnswer, PrivatePorts

_NOT_REACHED = 0


class Refused(Exception):
    """A replica refused the command as invalid. Its problem document says why."""

    def __init__(self, document: bytes) -> None:
        super().__init__("the command was refused")
        self.document = document


@dataclass(frozen=True, slots=True)
class Result:
    """The names of the replicas that carried out a command, and of those that did not."""

    done: list[str]
    failed: list[str]


class Commands:
    """A target is a service or a replica. Raises a Problem if there is none, and Refused if the command is invalid."""

    def __init__(self, ports: PrivatePorts, collector: Collector) -> None:
        self._ports = ports
        self._collector = collector

    async def switch(self, patterns: Mapping[str, bool], for_s: float | None = None) -> Result:
        """With `for_s`, each gateway switches back by itself after so many seconds."""
        body: dict[str, bool | float] = {**patterns}
        return await self._command("gateway", "PUT", "/patterns", body if for_s is None else body | {"for_s": for_s})

    async def inject(self, target: str, fault: Mapping[str, Any]) -> Result:
        return await self._command(target, "PUT", "/faults", fault)

    async def clear(self, target: str | None = None) -> Result:
        """End the faults of the target, or of all replicas. A replica that allows no faults has none to end."""
        if target is not None:
            return await self._command(target, "DELETE", "/faults")
        answers = await self._send_all(self._places(), "DELETE", "/faults")
        return _result({name: answer for name, answer in answers.items() if answer[0] != 404})

    def _places(self, target: str | None = None) -> dict[str, Place]:
        places = {name: place for name, place in self._collector.known.items() if place.service != "lb"}
        return {name: place for name, place in places.items() if target in (None, name, place.service)}

    async def _command(self, target: str, method: str, path: str, body: Any = None) -> Result:
        places = self._places(target)
        if not places:
            raise Problem(404, f"There is no service and no replica named {target[:100]}.")
        answers = await self._send_all(places, method, path, body)
        for status, document in answers.values():
            if status == 422:
                raise Refused(document)
        result = _result(answers)
        if not result.done:
            if any(status == 404 for status, _ in answers.values()):
                raise Problem(409, f"{target} takes no faults: AFLOAT_FAULTS_ENABLED is not set.", dependency=target)
            raise Problem(502, f"{target} cannot be reached.", dependency=target, reason="unreachable")
        return result

    async def _send_all(
        self, places: Mapping[str, Place], method: str, path: str, body: Any = None
    ) -> dict[str, tuple[int, bytes]]:
        answers = await asyncio.gather(*(self._send(place, method, path, body) for place in places.values()))
        return dict(zip(places, answers, strict=True))

    async def _send(self, place: Place, method: str, path: str, body: Any) -> tuple[int, bytes]:
        try:
            answer = await self._ports.ask(place, path, method, body)
        except NoAnswer:
            return _NOT_REACHED, b""
        return answer.status, answer.body


def _result(answers: Mapping[str, tuple[int, bytes]]) -> Result:
    done = [name for name, (status, _) in answers.items() if status == 200]
    return Result(done, [name for name in answers if name not in done])
