"""The name of this container in Docker's DNS."""

import socket

import dns.exception
import dns.message
import dns.rdatatype
import dns.reversename

DOCKER_DNS = ("127.0.0.11", 53)
_TIMEOUT_S = 0.5
_MAX_ANSWER_BYTES = 4096


def own_name(hostname: str, docker_dns: tuple[str, int] = DOCKER_DNS) -> str:
    """The first label of the name: `<project>-products-2`.

    It is empty outside Docker. There the connection is refused at once, so this does not wait for the timeout.
    """
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
            resolver.settimeout(_TIMEOUT_S)
            resolver.connect(docker_dns)
            # Any answer shows that this is a container. Then /etc/hosts has our own address, so that the next lookup is
            # fast. Outside a container it can take long.
            _ask(resolver, dns.message.make_query(hostname, dns.rdatatype.A))
            own_address = dns.reversename.from_address(socket.gethostbyname(hostname))
            answer = _ask(resolver, dns.message.make_query(own_address, dns.rdatatype.PTR))
    except (OSError, dns.exception.DNSException):
        return ""
    for records in answer.answer:
        if records.rdtype == dns.rdatatype.PTR:
            return str(records[0]).split(".", 1)[0]
    return ""


def _ask(resolver: socket.socket, query: dns.message.Message) -> dns.message.Message:
    resolver.send(query.to_wire())
    answer = dns.message.from_wire(resolver.recv(_MAX_ANSWER_BYTES))
    if not query.is_response(answer):
        raise ConnectionError("the answer belongs to another query")
    return answer
