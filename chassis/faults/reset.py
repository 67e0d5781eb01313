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
# SO_LINGER with a time of 0: closing sends RST instead of FIN, and drops the data that is not sent yet.
_RST_ON_CLOSE = struct.pack("ii", 1, 0)


class Reset(RequestFault):
    """Cuts the connection of the request, and with it all other requests on this connection."""

    kind: Literal["reset"]
    rate: Rate = 1.0

    async def strike(self, exchange: Exchange, host: Host) -> None:
        if host.rng.random() < self.rate:
            transport: asyncio.Transport = exchange.scope["extensions"][_EXTENSION]["transport"]
            if not transport.is_closing():
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST_ON_CLOSE)
                transport.abort()
            # Wait until the server has noticed the disconnect. Otherwise it would try to answer.
            while (await exchange.receive())["type"] != "http.disconnect":
                pass
            raise ClientDisconnect


class ResettableProtocol(ServiceProtocol):
    """Adds the connection of a request to its ASGI scope."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        connection: dict[object, object] = {"transport": self.transport}
        self.scope["extensions"] = {_EXTENSION: connection}
