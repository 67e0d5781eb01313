"""What only a real server and a real socket can show."""

import json

from tests.chassis.process import Answer, Service, running
from tests.chassis.waiting import until

EVERYTHING_BAD = [
    b"nonsense\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /quick\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET http:// HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /quick HTTP/1.1\r\nHost: localhost\r\nbroken header\r\n\r\n",
    b"GET /quick HTTP/1.1\r\nHost: localhost\r\nX-Deadline-Ms: \xff\r\n\r\n",
    b"GET /quick HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 16384 + b"\r\n\r\n",
    b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n",
    b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    b"POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n11000\r\n" + b"x" * 0x11000,
]


def is_problem(answer: Answer) -> bool:
    return (
        answer.headers["content-type"] == "application/problem+json"
        and json.loads(answer.body)["status"] == answer.status
    )


async def test_whatever_is_sent_the_answer_is_a_4xx_problem_and_the_service_goes_on() -> None:
    async with running() as service:
        for raw in EVERYTHING_BAD:
            async with service.wire() as wire:
                await wire.send(raw)
                answer = await wire.answer()
            assert (400 <= answer.status < 500, is_problem(answer)) == (True, True), raw[:60]
        assert (await service.get("/quick")).status == 200
        assert errors(service) == []


async def test_a_connection_can_be_used_again_after_a_refused_body() -> None:
    async with running() as service, service.wire() as wire:
        head = b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n"
        await wire.send(head + b"x" * 70000)
        assert (await wire.answer()).status == 413
        assert (await wire.get("/quick")).status == 200


async def test_head_has_the_headers_of_get_and_no_body() -> None:
    async with running() as service, service.wire() as wire:
        await wire.send(b"HEAD /quick HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head = await wire.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"content-length: 4\r\n" in head
        # A body would stand in front of the next answer.
        assert (await wire.get("/quick")).body == b"done"


async def test_a_client_that_leaves_is_no_error() -> None:
    async with running(request_timeout_s=60) as service:
        for raw in (
            b"GET /slow?seconds=2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf",
        ):
            async with service.wire() as wire:
                await wire.send(raw)
                await until(lambda: served(service, 2))
            await until(lambda: served(service, 1))
        assert errors(service) == []


async def test_an_answer_that_fails_half_way_cannot_be_taken_for_a_whole_one() -> None:
    async with running() as service, service.wire() as wire:
        await wire.send(b"GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = await wire.reader.read()
        assert b"half" in answer
        assert not answer.endswith(b"0\r\n\r\n")
        assert b"secret" not in answer


async def test_a_failure_is_one_line_of_json_that_tells_whose_request_it_was() -> None:
    async with running() as service:
        trace = "0af7651916cd43dd8448eb211c80319c"
        answer = await service.get("/broken", "X-Request-Id: mine", f"traceparent: 00-{trace}-b7ad6b7169203331-01")
        assert (answer.status, is_problem(answer)) == (500, True)
        await until(lambda: bool(errors(service)))
        (line,) = errors(service)
    assert (line["service"], line["replica"], line["request_id"], line["trace_id"]) == ("tiny", "tiny-1", "mine", trace)
    assert "LookupError: a secret" in str(line["exception"])
    assert line["event"] == "unhandled_error"


async def served(service: Service, count: int) -> bool:
    line = f"afloat_http_in_flight_requests {count}.0\n".encode()
    return line in (await service.get("/metrics")).body


def errors(service: Service) -> list[dict[str, object]]:
    return [line for line in service.log() if line["level"] == "error"]
