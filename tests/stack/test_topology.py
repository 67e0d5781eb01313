import socket
from pathlib import Path

import pytest

from stack.local.planning import plan
from stack.local.ports import free_port, is_free
from stack.local.topology import Topology
from stack.settings import StackSettings


@pytest.fixture
def topology() -> Topology:
    return plan(StackSettings(port=8080), {"AFLOAT_LOG_LEVEL": "debug"}, None, running=False)


def test_every_replica_has_a_name_and_a_port_of_its_own(topology: Topology) -> None:
    ports = [place.port for place in topology.places] + [topology.supervisor_port, topology.public[1]]

    assert sorted(topology.names) == [
        "customers-1", "dashboard-1", "gateway-1", "lb-1", "orders-1", "postgres-1",
        "products-1", "products-2", "products-3",
    ]  # fmt: skip
    assert len(set(ports)) == len(ports)


def test_what_was_saved_is_read_back(topology: Topology, tmp_path: Path) -> None:
    topology.save(tmp_path / "topology.json")

    assert Topology.read(tmp_path / "topology.json") == topology


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"places": 7}'])
def test_a_topology_that_cannot_be_read_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "topology.json").write_text(content)

    assert Topology.read(tmp_path / "topology.json") is None


def test_growing_keeps_the_ports_there_are(topology: Topology) -> None:
    grown = topology.resized("products", 12)

    assert [place.name for place in grown.of("products")] == [f"products-{number}" for number in range(1, 13)]
    assert set(topology.places) <= set(grown.places)


def test_shrinking_takes_the_highest_numbers(topology: Topology) -> None:
    shrunk = topology.resized("products", 12).resized("products", 2)

    assert [place.name for place in shrunk.of("products")] == ["products-1", "products-2"]
    assert shrunk.united(topology).of("products") == topology.of("products")


def test_a_stack_that_runs_keeps_its_ports_and_password(topology: Topology) -> None:
    again = plan(StackSettings(port=8080), {}, topology, running=True)

    assert set(again.places) == set(topology.places)
    assert again.supervisor_password == topology.supervisor_password


def test_a_stack_that_was_down_changes_only_the_ports_that_are_taken(topology: Topology) -> None:
    taken = topology.place("products-2")
    with socket.create_server((taken.host, taken.port)):
        again = plan(StackSettings(port=8080), {}, topology, running=False)

    assert again.place("products-2").port != taken.port
    assert set(topology.places) - set(again.places) == {taken}
    assert again.supervisor_password != topology.supervisor_password


def test_a_service_gets_as_long_to_stop_as_it_may_take() -> None:
    patient = plan(StackSettings(drain_s=20.5, stop_timeout_s=10), {}, None, running=False)

    assert patient.stop_wait_s > 30.5


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    port = free_port(())

    assert is_free("127.0.0.1", port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free("127.0.0.1", port)
