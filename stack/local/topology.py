"""Which replica listens where: decided by `up` and `scale`, remembered in `topology.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Self

from stack.local.ports import free_port
from stack.model import numbered
from stack.state_folder import write_private

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """A replica and where it listens; the load balancer's place is its internal port."""

    name: str
    service: str
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Topology:
    """`public` is the host and port of the load balancer; `environment` what the user set for the services at `up`."""

    url: str
    public: tuple[str, int]
    supervisor_port: int
    supervisor_password: str = field(repr=False)
    places: tuple[Place, ...]
    environment: Mapping[str, str]
    products_count: int
    stop_wait_s: int

    def place(self, name: str) -> Place:
        return next(place for place in self.places if place.name == name)

    def of(self, service: str) -> list[Place]:
        """The places of a service in the order of their numbers."""
        return sorted((each for each in self.places if each.service == service), key=lambda each: numbered(each.name))

    @property
    def names(self) -> list[str]:
        return [place.name for place in self.places]

    def resized(self, service: str, count: int) -> Self:
        """With as many replicas of a service: the highest numbers go, new ones get ports of their own."""
        others = [place for place in self.places if place.service != service]
        return replace(self, places=tuple(others + self._places(service, count)))

    def united(self, other: "Topology") -> Self:
        """With the places of `other` as well."""
        more = tuple(place for place in other.places if place.name not in self.names)
        return replace(self, places=self.places + more)

    def _places(self, service: str, count: int) -> list[Place]:
        places = {place.name: place for place in self.of(service)}
        taken = {self.public[1], self.supervisor_port, *(place.port for place in self.places)}
        for name in (f"{service}-{number}" for number in range(1, count + 1)):
            if name not in places:
                places[name] = Place(name, service, HOST, free_port(taken))
                taken.add(places[name].port)
        return list(places.values())[:count]

    def save(self, path: Path) -> None:
        write_private(path, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The topology of the last `up`, or None where there was none or it cannot be read."""
        try:
            content = json.loads(path.read_text())
            content["public"] = tuple(content["public"])
            content["places"] = tuple(Place(**place) for place in content["places"])
            return cls(**content)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None
