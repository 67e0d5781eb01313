"""HTTP/1.1 for the load: each request is written once, on a kept connection or a new one, and never again.

A client made for comfort sends a GET again when its connection breaks, which hides just the failures that a load is
there to count; and its comfort is paid by the machine, which the stack needs. This one has a protocol and a parser
(httptools) for each connection, and nothing else.
"""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import cast
from urllib.parse import urlsplit

import httptools

from lab.request import Request

# Shorter than nginx's 75 s: it is always this client that closes an idle connection, so none is lost to that race.
_KEEP_ALIVE_S = 15
# An answer with neither ends when its connection does.
_SAYS_ITS_END = {"content-length", "transfer-encoding"}


class NoConnection(Exception):
    """Nobody could be reached."""


class Broke(Exception):
    """The connection broke before the answer, or within it."""


class NotHttp(Exception):
    """What came is no answer to be understood."""


@dataclass(slots=True)
class Answer:
    """`headers`: by their names in small letters; of one that came twice, both, with a comma."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Connections:
    """As many kept connections to one address (`http://127.0.0.1:8080`) as there were requests at once."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise ValueError(f"A load needs an address that begins with http:// and a host, not {url!r}.")
        self._where = (parts.hostname, parts.port or 80)
        self._constant = (
            f"Host: {parts.netloc}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nUser-Agent: afloat-lab\r\n"
        )
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()

    @property
    def open(self) -> int:
        """How many connections there are, idle or not."""
        return len(self._open)

    async def send(self, request: Request) -> Answer:
        """The whole answer, or one of the errors above. Whoever does not want to wait cancels this."""
        connection = self._kept() or await self._connect()
        try:
            answer = await connection.ask(self._written(request))
        except BaseException:
            connection.abort()
            raise
        if connection.usable:
            connection.idle_since_s = monotonic()
            self._idle.append(connection)
        else:
            connection.abort()
        return answer

    async def close(self) -> None:
        """Every connection; a request that still waits is told that its own broke."""
        for each in list(self._open):
            each.abort()
        # A transport is closed with the next turn of the loop.
        await asyncio.sleep(0)

    def _kept(self) -> "_Connection | None":
        """The one that was used last, so that those of a burst grow old."""
        while self._idle:
            connection = self._idle.pop()
            if connection.usable and monotonic() - connection.idle_since_s < _KEEP_ALIVE_S:
                return connection
            connection.abort()
        return None

    async def _connect(self) -> "_Connection":
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: _Connection(self._open), *self._where
            )
        except OSError as error:
            raise NoConnection from error
        return connection

    def _written(self, request: Request) -> bytes:
        own = "".join([f"{name}: {value}\r\n" for name, value in request.headers.items()])
        body = request.body or b""
        length = f"Content-Length: {len(body)}\r\n" if body or request.method not in ("GET", "HEAD") else ""
        return f"{request.method} {request.path} HTTP/1.1\r\n{self._constant}{own}{length}\r\n".encode() + body


class _Connection(asyncio.Protocol):
    """One request at a time. `all_open` has it from its first moment to its last."""

    def __init__(self, all_open: "set[_Connection]") -> None:
        self._all_open = all_open
        self._parser = httptools.HttpResponseParser(self)
        self._answer = Answer()
        self._waiting: asyncio.Future[Answer] | None = None
        self._headers_came = False
        self._body: list[bytes] = []
        self.idle_since_s = 0.0
        self.usable = True
        """Whether another request may be sent: the server keeps it open, and has said nothing unasked."""

    async def ask(self, message: bytes) -> Answer:
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        try:
            return await self._waiting
        finally:
            self._waiting = None

    def abort(self) -> None:
        self._fail(Broke(), None)
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._all_open.add(self)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(NotHttp(), error)

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._all_open.discard(self)
        if error is None and self._headers_came and not self._answer.headers.keys() & _SAYS_ITS_END:
            self.on_message_complete()
        else:
            self._fail(Broke(), error)

    def on_message_begin(self) -> None:
        if self._waiting is None or self._waiting.done():
            self.usable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers = self._answer.headers
        headers[key] = f"{headers[key]}, {text}" if key in headers else text

    def on_headers_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        self._headers_came = True

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer, self._answer, self._headers_came = self._answer, Answer(), False
        answer.body, self._body = b"".join(self._body), []
        # Below 200 it is no answer yet, but word that one will come.
        if answer.status >= 200 and self._waiting is not None and not self._waiting.done():
            self.usable = self.usable and self._parser.should_keep_alive()
            self._waiting.set_result(answer)

    def _fail(self, error: Exception, cause: Exception | None) -> None:
        self.usable = False
        error.__cause__ = cause
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
