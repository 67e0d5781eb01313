"""The injector does what the schedule says, in its order, and undoes it."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from pydantic import TypeAdapter

from lab.experiment import LoadShape, Side, StackShape
from lab.faults import AnyFault
from lab.hands import Hands
from lab.injector import Injector
from lab.journal import Journal
from lab.shaping import shape
from stack.errors import BrokeOff
from stack.reply import Reply
from tests.lab.fake_stack import FakeRuntime
from tests.lab.server import serving


class Faulty(FakeRuntime):
    """Replicas that take faults, and die of a crash before they have answered."""

    def ask(self, replica: str, method: str, path: str, body: Any = None, *, timeout_s: float = 1.0) -> Reply:
        self.calls.append(f"{method} {path} {replica}")
        if method == "PUT":
            self.bodies.append(body)
            if body["kind"] == "crash":
                raise BrokeOff("It broke off.")
        return Reply(200, json.dumps({"faults": []}).encode())

    bodies: list[Any]


@pytest.fixture
def runtime() -> Iterator[Faulty]:
    runtime = Faulty("docker")
    runtime.bodies = []
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        yield runtime


async def perform(runtime: FakeRuntime, fault: dict[str, Any], scale: float = 1, **shape: Any) -> Injector:
    injector = Injector(Hands(runtime), runtime.status(), StackShape(**shape), scale, lambda _: None)
    await injector.perform(TypeAdapter(AnyFault).validate_python(fault), monotonic())
    return injector


async def test_a_fault_of_a_service_is_asked_of_each_replica_and_ended(runtime: Faulty) -> None:
    fault = {"kind": "latency", "target": "products", "delay_ms": 3000, "for": 60}
    injector = await perform(runtime, fault, scale=300)
    assert runtime.bodies[0] == {
        "kind": "latency", "delay_ms": 3000, "jitter_ms": 0, "distribution": "fixed", "for_s": 0.2,
    }  # fmt: skip
    names = [f"products-{number}" for number in (1, 2, 3)]
    assert sorted(runtime.calls[:3]) == [f"PUT /faults {name}" for name in names]
    assert sorted(runtime.calls[3:]) == [f"DELETE /faults {name}" for name in names]
    (window,) = injector.windows
    assert window.to_s is not None
    assert 0.2 <= window.to_s - window.from_s < 60


async def test_a_crash_needs_no_answer_and_ends_with_the_replacement(runtime: Faulty) -> None:
    await perform(runtime, {"kind": "crash", "target": "products-1"})
    assert runtime.calls == ["PUT /faults products-1", "start products-1"]


async def test_docker_which_restarts_the_crashed_is_held_back_for_the_replacement_time(runtime: Faulty) -> None:
    await perform(runtime, {"kind": "crash", "target": "products-1"}, replacement_s=0.2)
    # Where to stop it takes its time, it is killed beside that.
    calls = [call for call in runtime.calls if call != "kill products-1"]
    assert calls == ["PUT /faults products-1", "stop products-1", "start products-1"]


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        ({"kind": "pause", "for": 0.1}, ["pause products-2", "resume products-2"]),
        ({"kind": "stop", "for": 0.1}, ["stop products-2", "start products-2"]),
        ({"kind": "kill", "for": 0.1}, ["kill products-2", "start products-2"]),
        ({"kind": "kill"}, ["kill products-2", "start products-2"]),
    ],
)
async def test_what_is_done_from_outside_is_undone(runtime: Faulty, fault: dict[str, Any], calls: list[str]) -> None:
    await perform(runtime, fault | {"target": "products-2"})
    assert runtime.calls == calls


async def test_another_number_of_replicas_lasts_for_its_time(runtime: Faulty) -> None:
    await perform(runtime, {"kind": "scale", "target": "products", "replicas": 5, "for": 0.1})
    assert runtime.calls == ["scale products 5", "scale products 3"]


ONE_BY_ONE = [f"{verb} products-{number}" for number in (1, 2, 3) for verb in ("stop", "start")]


@pytest.mark.parametrize(
    ("minimum_healthy", "calls"),
    [(66, ONE_BY_ONE), (100, ["scale products 4", *ONE_BY_ONE, "scale products 3"])],
)
async def test_a_deployment_keeps_its_minimum_healthy(runtime: Faulty, minimum_healthy: int, calls: list[str]) -> None:
    await perform(runtime, {"kind": "roll", "target": "products"}, minimum_healthy=minimum_healthy)
    assert runtime.calls == calls


async def test_a_deployment_that_keeps_nothing_replaces_all_at_once(runtime: Faulty) -> None:
    await perform(runtime, {"kind": "roll", "target": "products"}, minimum_healthy=0, replacement_s=0.1)
    assert {call.split()[0] for call in runtime.calls[:3]} == {"stop"}
    assert {call.split()[0] for call in runtime.calls[3:]} == {"start"}


class FakeScheduler:
    """Replaces the dead of a runtime after so long; `calls` are the runtime's."""

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.seconds = 1.0

    def replacement_s(self, service: str) -> float:
        return self.seconds

    def replace_after(self, service: str, seconds: float) -> None:
        self.calls.append(f"replace {service} after {seconds:g} s")
        self.seconds = seconds

    def deploy(self, service: str, minimum_healthy: int) -> None:
        self.calls.append(f"deploy {service} at {minimum_healthy} %")


@pytest.fixture
def scheduled(runtime: Faulty) -> Faulty:
    runtime.name = "swarm"
    runtime.scheduler = FakeScheduler(runtime.calls)
    return runtime


@pytest.mark.parametrize("kind", [{"kind": "kill"}, {"kind": "crash"}, {"kind": "kill", "for": 60}])
async def test_where_there_is_a_scheduler_the_dead_are_its_business(scheduled: Faulty, kind: dict[str, Any]) -> None:
    await perform(scheduled, kind | {"target": "products-2"}, replacement_s=60)
    began, waited = scheduled.calls
    assert began in ("kill products-2", "PUT /faults products-2")
    assert waited == "start products-2"


async def test_where_there_is_a_scheduler_it_carries_out_the_deployment(scheduled: Faulty) -> None:
    await perform(scheduled, {"kind": "roll", "target": "products"}, minimum_healthy=100)
    assert scheduled.calls == ["deploy products at 100 %"]


async def test_the_scheduler_is_told_the_time_of_a_replacement_once_and_told_back(scheduled: Faulty) -> None:
    kill = TypeAdapter(AnyFault).validate_python({"kind": "kill", "target": "products-2"})
    side = Side(name="a", stack=StackShape(replacement_s=30), load=LoadShape(), faults=(kill,), expect=())
    journal = Journal()
    for _ in range(2):  # two sides, one after the other
        await shape(Hands(scheduled, journal), side, lambda _: None, scale=5)
        await Hands(scheduled, journal).undo()
    told = list(scheduled.calls)
    journal.put_right(scheduled)

    assert told == ["replace products after 6 s"]
    assert scheduled.calls == [*told, "replace products after 1 s"]


async def test_a_side_that_leaves_the_time_to_the_scheduler_gets_its_own(scheduled: Faulty) -> None:
    hands = Hands(scheduled)
    for seconds in (6, None, None):
        await hands.replace_after("products", seconds)
    await hands.undo()

    assert scheduled.calls == ["replace products after 6 s", "replace products after 1 s"]
