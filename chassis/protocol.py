"""HTTP/1.1 as uvicorn speaks it, but an answer leaves in one piece, and every refusal is a problem document."""

import asyncio
import json
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.problems import CONTENT_TYPE


class ServiceProtocol(HttpToolsProtocol):
    """What is not HTTP at all never becomes a request: it has no id, and no middleware sees it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(JoiningTransport(transport, self.loop))

    def send_400_response(self, msg: str) -> None:
        body = json.dumps({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": msg}).encode()
        head = f"HTTP/1.1 400 Bad Request\r\ncontent-type: {CONTENT_TYPE}\r\ncontent-length: {len(body)}\r\n"
        self.transport.write(f"{head}connection: close\r\n\r\n".encode() + body)
        self.transport.close()


class JoiningTransport(asyncio.Transport):
    """Sends what is written together with what is written next, or by itself where this turn of the loop ends first.

    uvicorn writes an answer's head before its body. A process that is killed between the two system calls leaves half
    an answer, and a load balancer that has passed on the head can ask no other replica. ASGI forbids a server to start
    an answer before the first event of its body; this keeps to it wherever the app does not wait between the two.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._held = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        # No more than one is held: what an app streams without a pause must come to the limits of the one below.
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held + data)
        elif data:
            self._held = bytes(data)
            self._loop.call_soon(self._send_held)

    def _send_held(self) -> None:
        held, self._held = self._held, b""
        if held and not self._transport.is_closing():
            self._transport.write(held)

    def close(self) -> None:
        self._send_held()
        self._transport.close()

    def abort(self) -> None:
        self._held = b""
        self._transport.abort()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)
