"""The name of this replica: `products-2`, the same that `docker ps` and `make status` show."""

import re
import socket


def replica_name(service: str, configured: str, docker_dns: tuple[str, int] | None = None) -> str:
    """The configured name, or the name of this container in Docker's DNS, or the host name.

    Inside a container, the system resolver knows only the container id (from /etc/hosts). So this queries Docker's DNS
    directly, which answers `<project>-products-2.<network>`. A test can pass another address as `docker_dns`.
    """
    if configured:
        return configured
    # Imported only here: with a configured name, this saves 2 MiB of memory in each service.
    from chassis.docker_dns import DOCKER_DNS, own_name

    hostname = socket.gethostname()
    match = re.search(rf"\b{re.escape(service)}-\d+$", own_name(hostname, docker_dns or DOCKER_DNS))
    return match.group() if match else hostname
