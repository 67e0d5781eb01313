"""`python -m lab.tiny_upstream PORT`: a server that answers every request with the same few bytes, at very low cost.

It takes the place of Customers in a measurement of the gateway alone.
"""

import asyncio
import sys
from typing import cast

import uvloop

_BODY = b'{"id":7,"name":"Ada Lovelace","city":"Rotterdam","email":"ada@example.org"}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
_HEAD_END = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._buffer = (self._buffer + data).split(_HEAD_END)
        self._transport.write(_ANSWER * len(heads))


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
