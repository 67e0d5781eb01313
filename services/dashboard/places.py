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
    """Where a replica's private port is. The name is empty if only the replica itself knows it."""

    service: str
    host: str
    port: int
    name: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


class Places(Protocol):
    async def find(self) -> list[Place]:
        """Every replica to watch now."""
        ...

    def visitors_url(self) -> str:
        """The URL that visitors use."""
        ...


class TopologyFile:
    """The file that `make up` writes, read again when it has changed: `make scale` writes it again."""

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
            # It is being written, or is not there yet. The places stay as they were until it can be read.
            pass
        return self._places


class DnsNames:
    """For Docker Compose and Swarm: each service has one name, and each of its replicas an address."""

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
