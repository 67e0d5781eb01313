"""uvicorn's HTTP/1.1 protocol with two changes: an answer is sent in one piece, and errors are problem documents.

uvicorn writes the head of an answer and then its body. uvloop 0.23 and later use one system call for each write (0.22.1
joined them). If the process is killed between the two, nginx has already received a head. Then it does not try another
replica, and the client's request fails.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.problems import problem_response


class ServiceProtocol(HttpToolsProtocol):
    """Answers requests in order. Bytes that are not HTTP get a 400 after the earlier answers."""

    _refusal = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(JoinedWrites(transport))  # type: ignore[arg-type]  # it has all that uvicorn uses

    def data_received(self, data: bytes) -> None:
        # After bytes that are not HTTP, the start of the next request is unknown.
        if not self._refusal:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        response = problem_response(400, msg, {"Connection": "close"})
        lines = (b"%b: %b\r\n" % header for header in response.raw_headers)
        self._refusal = b"HTTP/1.1 400 Bad Request\r\n%b\r\n%b" % (b"".join(lines), bytes(response.body))
        newest = self.cycle
        if newest is None or newest.response_complete:
            # No request waits for its answer.
            self._refuse()
        elif newest.more_body:
            # The body of the newest request is broken, so the 400 is the answer to that request. If it waits behind
            # others (`pipeline`), it loses its turn to the 400.
            if self.pipeline:
                self.pipeline.popleft()
            else:
                self._refuse()
        # Otherwise the requests before are whole: `on_response_complete` refuses after the last of their answers.

    def on_response_complete(self) -> None:
        was_last = not self.pipeline
        super().on_response_complete()
        if self._refusal and was_last:
            self._refuse()

    def _refuse(self) -> None:
        if not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
                self.transport.write(self._refusal)
            self.transport.close()


class JoinedWrites:
    """A transport that collects all writes of one iteration of the event loop and sends them with one system call.

    `chassis/middleware.py` writes the head of an answer and the first part of its body in the same iteration.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._written:
            asyncio.get_running_loop().call_soon(self._send)
        self._written += data
        # If the reader is slow, uvicorn waits as soon as the transport's own buffer is full.
        if len(self._written) > HIGH_WATER_LIMIT:
            self._send()

    def close(self) -> None:
        self._send()
        self._transport.close()

    def _send(self) -> None:
        written, self._written = self._written, b""
        if written and not self._transport.is_closing():
            self._transport.write(written)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
