"""Where the replicas are: in the topology file of plain processes, or behind the names that DNS resolves."""

import asyncio
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SERVICES = ("products", "customers", "orders")
WATCHED = ("lb", "gateway", *SERVICES)
_LB_INTERNAL_PORT = 8081
_SERVICE_PORT = 8000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a replica's private port is. Its name is empty where only the replica itself can tell it."""

    service: str
    host: str
    port: int
    name: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


class Places(Protocol):
    async def find(self) -> list[Place]:
        """Every replica that there is to be watched now."""
        ...

    def visitors_url(self) -> str:
        """Where visitors come in."""
        ...


class TopologyFile:
    """As `make up` wrote it, read again whenever it changed: `make scale` writes it anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = 0.0
        self._url = ""
        self._places: list[Place] = []

    def visitors_url(self) -> str:
        return self._url

    async def find(self) -> list[Place]:
        try:
            changed_at = self._path.stat().st_mtime
            if changed_at != self._read_at:
                topology = json.loads(self._path.read_text())
                self._url = topology["url"]
                self._places = [
                    Place(each["service"], each["host"], each["port"], each["name"])
                    for each in topology["places"]
                    if each["service"] in WATCHED
                ]
                self._read_at = changed_at
        except (OSError, ValueError, KeyError, TypeError):
            # It is being written, or not there yet; what was known stays known until it can be read.
            pass
        return self._places


class DnsNames:
    """One name a service, as many addresses as it has replicas: Docker Compose and Swarm."""

    def __init__(self, lb_url: str) -> None:
        self._lb_url = lb_url

    def visitors_url(self) -> str:
        return self._lb_url

    async def find(self) -> list[Place]:
        found = await asyncio.gather(*(_addresses(service) for service in WATCHED))
        return [place for places in found for place in places]


async def _addresses(service: str) -> list[Place]:
    port = _LB_INTERNAL_PORT if service == "lb" else _SERVICE_PORT
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(
            service, port, family=socket.AF_INET, type=socket.SOCK_STREAM
        )
    except OSError:
        return []
    hosts = sorted({str(address[0]) for *_, address in answers})
    return [Place(service, host, port, "nginx" if service == "lb" else "") for host in hosts]
