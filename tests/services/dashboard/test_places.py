"""Where the replicas are."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from services.dashboard.places import DnsNames, Place, TopologyFile


def topology(*names: str) -> str:
    places = [{"name": name, "service": name.split("-")[0], "host": "127.0.0.1", "port": 20000} for name in names]
    return json.dumps({"url": "http://127.0.0.1:8080", "places": places, "supervisor_password": "secret"})


async def test_the_topology_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "topology.json"
    places = TopologyFile(file)
    assert await places.find() == []
    file.write_text(topology("products-1", "postgres-1", "lb-1"))
    assert [place.name for place in await places.find()] == ["products-1", "lb-1"]
    assert places.visitors_url() == "http://127.0.0.1:8080"
    file.write_text(topology("products-1", "products-2"))
    os.utime(file, (1, 1))
    assert [place.name for place in await places.find()] == ["products-1", "products-2"]


async def test_a_topology_file_that_is_being_written_leaves_what_was_known(tmp_path: Path) -> None:
    file = tmp_path / "topology.json"
    file.write_text(topology("orders-1"))
    places = TopologyFile(file)
    await places.find()
    file.write_text(topology("orders-1")[:40])
    os.utime(file, (1, 1))
    assert [place.name for place in await places.find()] == ["orders-1"]


async def test_a_name_in_dns_stands_for_all_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"products": ["10.0.0.3", "10.0.0.2"], "gateway": ["10.0.0.4"], "lb": ["10.0.0.9"]}

    async def getaddrinfo(self: Any, host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise OSError("no such name")
        return [(2, 1, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", getaddrinfo)
    assert await DnsNames("http://lb:8080").find() == [
        Place("lb", "10.0.0.9", 8081, "nginx"),
        Place("gateway", "10.0.0.4", 8000),
        Place("products", "10.0.0.2", 8000),
        Place("products", "10.0.0.3", 8000),
    ]
