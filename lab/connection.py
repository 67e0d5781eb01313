"""HTTP/1.1 for the load: each request is written once, on a kept connection or a new one, and never again.

A client made for comfort sends a GET again when its connection breaks, which hides just the failures that a load is
there to count; and its comfort is paid by the machine, which the stack needs. This one has a protocol and a parser
(httptools) for each connection, and nothing else.
"""

import asyncio
import errno
import select
from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from typing import cast
from urllib.parse import urlsplit

import httptools

from lab.request import Request

# Shorter than the 5 s for which nginx keeps an idle connection even while it reloads (keepalive_min_timeout): this
# client closes it first, so no request is lost to that race.
_KEEP_ALIVE_S = 4
# An answer that has neither of these and may have a body ends when its connection does.
_SAYS_ITS_END = {"content-length", "transfer-encoding"}
# The machine of the load has no more files, ports or memory: nothing that the stack could help.
_OUR_OWN_FAULT = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}


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
        self._idle: deque[_Connection] = deque()
        self._open: set[_Connection] = set()

    @property
    def open(self) -> int:
        """How many connections there are, idle or not."""
        return len(self._open)

    async def send(self, request: Request, timeout_s: float) -> Answer:
        """The whole answer, or one of the errors above, or TimeoutError. Any method but HEAD.

        An answer that has arrived in time is in time, even if this process gets to read it only later.
        """
        give_up_s = monotonic() + timeout_s
        connection = self._kept()
        if connection is None:
            async with asyncio.timeout(timeout_s):
                connection = await self._connect()
        try:
            answer = await connection.ask(self._written(request), give_up_s - monotonic())
        except BaseException:
            connection.abort()
            raise
        self._keep(connection)
        return answer

    async def close(self) -> None:
        """Every connection; a request that still waits is told that its own broke."""
        for each in list(self._open):
            each.abort()
        # A transport is closed with the next turn of the loop.
        await asyncio.sleep(0)

    def _keep(self, connection: "_Connection") -> None:
        if connection.usable:
            connection.idle_since_s = monotonic()
            self._idle.append(connection)
        else:
            connection.abort()
        while self._idle and self._is_old(self._idle[0]):
            self._idle.popleft().abort()

    def _kept(self) -> "_Connection | None":
        """The one that was used last, so that those of a burst grow old."""
        while self._idle:
            connection = self._idle.pop()
            # Something unread is the end of it, or an answer to nothing.
            if connection.usable and not connection.has_unread and not self._is_old(connection):
                return connection
            connection.abort()
        return None

    @staticmethod
    def _is_old(connection: "_Connection") -> bool:
        return monotonic() - connection.idle_since_s >= _KEEP_ALIVE_S

    async def _connect(self) -> "_Connection":
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: _Connection(self._open), *self._where, happy_eyeballs_delay=0.25
            )
        except OSError as error:
            if error.errno in _OUR_OWN_FAULT:
                raise
            raise NoConnection from error
        return connection

    def _written(self, request: Request) -> bytes:
        own = "".join([f"{name}: {value}\r\n" for name, value in request.headers.items()])
        body = request.body or b""
        length = f"Content-Length: {len(body)}\r\n" if body or request.method != "GET" else ""
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
        self._overdue = False
        self.idle_since_s = 0.0
        self.usable = True
        """Whether another request may be sent: the server keeps it open, and has said nothing unasked."""

    @property
    def has_unread(self) -> bool:
        """Whether something has arrived that nobody has read, be it the end of the connection."""
        return bool(self._socket_state.poll(0))

    async def ask(self, message: bytes, timeout_s: float) -> Answer:
        loop = asyncio.get_running_loop()
        self._overdue, self._waiting = False, loop.create_future()
        giving_up = loop.call_later(timeout_s, self._give_up)
        self._transport.write(message)
        try:
            return await self._waiting
        finally:
            giving_up.cancel()
            self._waiting = None

    def abort(self) -> None:
        self._fail(Broke(), None)
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._socket_state = select.poll()
        self._socket_state.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
        self._all_open.add(self)

    def data_received(self, data: bytes) -> None:
        if self._waiting is None:
            self.abort()
            return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(NotHttp(), error)
        if self._overdue:
            self._give_up()

    def eof_received(self) -> None:
        self.usable = False

    def connection_lost(self, error: Exception | None) -> None:
        self.usable = False
        self._all_open.discard(self)
        if error is None and self._headers_came and not self._answer.headers.keys() & _SAYS_ITS_END:
            self.on_message_complete()
        else:
            self._fail(Broke(), error)
        # It leads back here: nothing but the garbage collector, which is off during a load, would free either.
        del self._parser

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

    def _give_up(self) -> None:
        """Unless more of the answer has arrived: then once that is read."""
        self._overdue = True
        if not self.has_unread:
            self._fail(TimeoutError(), None)

    def _fail(self, error: Exception, cause: Exception | None) -> None:
        self.usable = False
        error.__cause__ = cause
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
