"""The name of this replica: `products-2`, the same that `docker ps` and `make status` show."""

import re
import socket

import dns.exception
import dns.resolver
import dns.reversename

DOCKER_DNS = "127.0.0.11"


def replica_name(service: str, configured: str) -> str:
    """The configured name, else what Docker's DNS calls our address, else the host's name.

    Inside a container the system resolver answers its own address with the bare container id (from /etc/hosts), so
    Docker's DNS is asked directly: it answers `<project>-products-2.<network>`.
    """
    if configured:
        return configured
    hostname = socket.gethostname()
    match = re.search(rf"\b{re.escape(service)}-\d+$", _docker_name(hostname))
    return match.group() if match else hostname


def _docker_name(hostname: str) -> str:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [DOCKER_DNS]
    resolver.lifetime = 1.0
    try:
        own_address = socket.gethostbyname(hostname)
        answer = resolver.resolve(dns.reversename.from_address(own_address), "PTR")
    except (OSError, dns.exception.DNSException):
        return ""
    return str(answer[0]).split(".", 1)[0]
