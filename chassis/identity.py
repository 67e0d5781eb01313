"""The name of this replica: `products-2`, the same that `docker ps` and `make status` show."""

import re
import socket


def replica_name(service: str, configured: str, docker_dns: tuple[str, int] | None = None) -> str:
    """The configured name, else what Docker's DNS calls our address, else the host's name.

    Inside a container the system resolver answers its own address with the bare container id (from /etc/hosts), so
    Docker's DNS is asked directly: it answers `<project>-products-2.<network>`. `docker_dns` stands in for its address.
    """
    if configured:
        return configured
    # Where the name is configured, 2 MiB of every service are spared.
    from chassis.docker_dns import DOCKER_DNS, own_name

    hostname = socket.gethostname()
    match = re.search(rf"\b{re.escape(service)}-\d+$", own_name(hostname, docker_dns or DOCKER_DNS))
    return match.group() if match else hostname
