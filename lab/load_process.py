"""A load in a process of its own: `python -m lab.load_process`, so that nothing that the lab does delays a request.

It reads what to do as a line of JSON, loads until its input ends, and prints what has happened as lines of JSON: the
first when the load has begun, the last when every request has ended. When the lab dies its input ends too.
"""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import astuple, dataclass
from typing import Any

from lab.client import Outcome
from lab.load import OpenLoop
from lab.mix import mixed
from lab.priority import go_first
from lab.punctual_loop import punctual_loop
from lab.request import Request

_EVERY_S = 0.2


@dataclass(frozen=True)
class Plan:
    """What a load process is told."""

    url: str
    rate: float
    mix: dict[str, float]
    timeout_s: float
    max_in_flight: int


class _Teller:
    """Prints what is new. `orders`: the key of each order that was sent, and its id where it was accepted."""

    def __init__(self, load: OpenLoop, first: bool) -> None:
        self._load = load
        self._first = first
        self._told = 0
        self.orders: list[tuple[str, str, int | None]] = []

    async def tell(self, *, last: bool = False) -> None:
        records = [astuple(record) for record in self._load.records(self._told)]
        self._told += len(records)
        orders, self.orders = self.orders, []
        line: dict[str, Any] = {
            "started_s": self._load.started_s,
            "in_flight": self._load.in_flight,
            "goes_first": self._first,
            "records": records,
            "orders": orders,
            "last": last,
        }
        # On a thread: a lab that reads late must not make a request late.
        await asyncio.to_thread(_write, (json.dumps(line) + "\n").encode())

    def note(self, request: Request, outcome: Outcome) -> None:
        if request.kind == "order" and request.body is not None:
            order_id = None if outcome.body is None else int(json.loads(outcome.body)["id"])
            self.orders.append((request.headers["Idempotency-Key"], request.body.decode(), order_id))


def _write(line: bytes) -> None:
    while line:
        line = line[os.write(1, line) :]


async def _load(plan: Plan) -> None:
    first = go_first()
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    teller: _Teller | None = None

    def note(request: Request, outcome: Outcome) -> None:
        if teller is not None:
            teller.note(request, outcome)

    load = OpenLoop(
        plan.url,
        rate=plan.rate,
        requests=mixed(plan.mix),
        timeout_s=plan.timeout_s,
        max_in_flight=plan.max_in_flight,
        on_outcome=note,
    )
    async with load:
        teller = _Teller(load, first)
        while not ended.done():
            await teller.tell()
            await asyncio.wait([ended], timeout=_EVERY_S)
        await load.stop()
        await teller.tell(last=True)


if __name__ == "__main__":
    # The lab is dead: nobody wants to know.
    with suppress(BrokenPipeError), asyncio.Runner(loop_factory=punctual_loop) as runner:
        runner.run(_load(Plan(**json.loads(sys.stdin.readline()))))
