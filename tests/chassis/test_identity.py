"""A replica's name, asked of a Docker DNS that is played here."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

from chassis.identity import replica_name

Reply = Callable[[dns.message.Message], bytes]


@contextmanager
def docker_dns(reply: Reply) -> Iterator[tuple[str, int]]:
    """A name server on loopback that answers every question with `reply`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                question, client = server.recvfrom(4096)
                if not question:
                    return
                server.sendto(reply(dns.message.from_wire(question)), client)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", server.getsockname())
            thread.join()


def named(name: str) -> Reply:
    def reply(question: dns.message.Message) -> bytes:
        answer = dns.message.make_response(question)
        if question.question[0].rdtype == dns.rdatatype.PTR:
            answer.answer.append(dns.rrset.from_text(question.question[0].name, 600, "IN", "PTR", name))
        return answer.to_wire()

    return reply


def test_a_configured_name_is_taken_without_a_question() -> None:
    assert replica_name("products", "products-9", ("127.0.0.1", 1)) == "products-9"


@pytest.mark.parametrize(
    ("docker_name", "replica"),
    [
        ("afloat-products-2.afloat_default.", "products-2"),
        ("my-products-1-products-12.net.", "products-12"),
        ("products-3.", "products-3"),
    ],
)
def test_dockers_dns_knows_the_name(docker_name: str, replica: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.docker_dns._TIMEOUT_S", 30)
    with docker_dns(named(docker_name)) as address:
        assert replica_name("products", "", address) == replica


@pytest.mark.parametrize("docker_name", ["afloat-byproducts-2.net.", "afloat-orders-1.net.", "products.net."])
def test_a_name_of_something_else_is_not_taken(docker_name: str) -> None:
    with docker_dns(named(docker_name)) as address:
        assert replica_name("products", "", address) == socket.gethostname()


def _nothing(question: dns.message.Message) -> bytes:
    return dns.message.make_response(question).to_wire()


def _garbage(_: dns.message.Message) -> bytes:
    return b"?"


def _other(_: dns.message.Message) -> bytes:
    return dns.message.make_response(dns.message.make_query("elsewhere", "A")).to_wire()


@pytest.mark.parametrize("reply", [_nothing, _garbage, _other])
def test_a_useless_answer_leaves_the_hosts_name(reply: Reply) -> None:
    with docker_dns(reply) as address:
        assert replica_name("products", "", address) == socket.gethostname()


def test_outside_docker_it_is_the_hosts_name_and_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(_: str) -> str:
        raise AssertionError("this can take long where names are resolved by a server that is away")

    monkeypatch.setattr(socket, "gethostbyname", lookup)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        address = unused.getsockname()
    assert replica_name("products", "", address) == socket.gethostname()
