"""HTTP/1.1 as uvicorn speaks it, but an answer leaves in one piece, and what is not HTTP gets a problem document."""

import asyncio
import json
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.problems import CONTENT_TYPE


class ServiceProtocol(HttpToolsProtocol):
    """What is not HTTP at all never becomes a request: it has no id, and no middleware sees it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        holding = HoldingTransport(transport)
        self.app = WholeAnswers(self.app, holding)
        super().connection_made(holding)

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": msg}).encode()
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()


class HoldingTransport(asyncio.Transport):
    """A transport that keeps what is written after `hold()`, to send all of it with one system call on `release()`.

    It has what uvicorn asks of one for HTTP.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport
        self._holds = False
        self._held = b""

    def hold(self) -> None:
        self._holds = True

    def release(self) -> None:
        self._holds = False
        held, self._held = self._held, b""
        if held and not self.is_closing():
            self._transport.write(held)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._holds:
            self._held += data
        else:
            self._transport.write(data)

    def close(self) -> None:
        self.release()
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)


class WholeAnswers:
    """An ASGI app on one connection: the head of its answer leaves together with the first event of the body.

    uvicorn writes the one and then the other. A process that is killed between the two system calls leaves half an
    answer, and a load balancer that has taken the head for its answer asks no other replica. ASGI lets a server keep
    the head until then.
    """

    def __init__(self, app: ASGIApp, transport: HoldingTransport) -> None:
        self._app = app
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_whole(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._transport.hold()
                await send(message)
            else:
                await send(message)
                self._transport.release()

        await self._app(scope, receive, send_whole)
