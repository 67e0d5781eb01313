"""A name server that knows what a test tells it, in place of Docker's."""

import asyncio
import socket
import struct
from collections.abc import Mapping, Sequence

_A, _IN = 1, 1
_ANSWER, _NO_SUCH_NAME = 0x8180, 0x8183


class FakeDns(asyncio.DatagramProtocol):
    """`names` maps a name to its IPv4 addresses; one that is not there does not exist. Change it at any time."""

    def __init__(self) -> None:
        self.names: dict[str, Sequence[str]] = {}
        self.asked = 0

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    @property
    def address(self) -> str:
        host, port = self._transport.get_extra_info("sockname")
        return f"{host}:{port}"

    def stop(self) -> None:
        self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.asked += 1
        self._transport.sendto(_answer(data, self.names), addr)


def _answer(query: bytes, names: Mapping[str, Sequence[str]]) -> bytes:
    name, end = _name(query)
    addresses = names.get(name, ())
    flags = _ANSWER if name in names else _NO_SUCH_NAME
    header = query[:2] + struct.pack("!HHHHH", flags, 1, len(addresses), 0, 0)
    question = query[12 : end + 4]
    record = b"\xc0\x0c" + struct.pack("!HHIH", _A, _IN, 1, 4)
    return header + question + b"".join(record + socket.inet_aton(address) for address in addresses)


def _name(query: bytes) -> tuple[str, int]:
    """The name that a query asks for, and where it ends."""
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode())
        at += 1 + length
    return ".".join(labels), at + 1
