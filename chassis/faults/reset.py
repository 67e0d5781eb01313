"""Reset: the connection is cut in the middle of a request, with RST and without an answer."""

import asyncio
import socket
import struct
from typing import Literal

from starlette.requests import ClientDisconnect

from chassis.faults.exchange import Exchange
from chassis.faults.fault import Rate, RequestFault
from chassis.faults.host import Host
from chassis.protocol import ServiceProtocol

_EXTENSION = "afloat.connection"
# Linger on, for no time at all: closing sends RST instead of FIN, and forgets what is not sent yet.
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


class Reset(RequestFault):
    """Ends the request's connection, and with it whatever else the client had sent on it."""

    kind: Literal["reset"]
    rate: Rate = 1.0

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.chance.random() < self.rate:
            transport: asyncio.Transport = exchange.scope["extensions"][_EXTENSION]["transport"]
            if not transport.is_closing():
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
                transport.abort()
            # The server must have noticed, or it would try to answer.
            while (await exchange.receive())["type"] != "http.disconnect":
                pass
            raise ClientDisconnect


class ResettableProtocol(ServiceProtocol):
    """Tells the app which connection a request came on, which ASGI by itself does not."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        connection: dict[object, object] = {"transport": self.transport}
        self.scope["extensions"] = {_EXTENSION: connection}
