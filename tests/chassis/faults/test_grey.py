"""Grey failure: ready, at work, and no good."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from starlette.types import Message

from chassis.app import create_app
from chassis.faults.exchange import Exchange
from chassis.faults.grey import Grey
from chassis.faults.host import Host
from chassis.settings import ServiceSettings
from tests.chassis.client import connected, problem_in
from tests.chassis.faults.faulty import faulty


async def test_the_service_does_what_was_asked_and_says_that_it_failed() -> None:
    placed: list[int] = []
    routes = APIRouter()

    @routes.post("/orders")
    async def place() -> Response:
        placed.append(1)
        return PlainTextResponse("placed", 201)

    async with connected(create_app("orders", ServiceSettings(replica="o-1", faults_enabled=True), routes)) as client:
        await client.put("/faults", json={"kind": "grey", "rate": 1.0, "for_s": 60})
        answer = await client.post("/orders")
        assert (problem_in(answer)["status"], len(placed)) == (500, 1)
        assert answer.headers["X-Served-By"] == "o-1"
        assert "placed" not in answer.text
        await client.delete("/faults")


async def test_it_is_ready_all_the_while_and_well_afterwards() -> None:
    async with faulty() as service:
        await service.inject("grey", rate=0.5)
        assert 60 <= (await service.statuses(200)).count(500) <= 140
        assert (await service.client.get("/readyz")).status_code == 200
        await service.clear()
        assert set(await service.statuses(20)) == {200}


async def test_an_answer_that_begins_after_the_end_of_the_fault_is_left_as_it_is() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    fault, host = Grey(kind="grey", for_s=60), Host()
    exchange = Exchange({"type": "http", "method": "GET"}, receive, send)
    await fault.strike(exchange, host)
    fault.clear(host)
    await exchange.send({"type": "http.response.start", "status": 200, "headers": []})
    await exchange.send({"type": "http.response.body", "body": b"fine"})
    assert [message.get("status", message.get("body")) for message in sent] == [200, b"fine"]
