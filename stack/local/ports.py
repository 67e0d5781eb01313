"""Ports to listen on that nobody else has."""

import errno
import random
import socket
from collections.abc import Collection

# Below the range from which systems take the ports of outgoing connections: while a replica is down, a connection to
# it must not by chance be given its port, nor be connected to itself.
_RANGE = range(20_000, 30_000)


def free_port(taken: Collection[int]) -> int:
    """A loopback port that is free now and not among `taken`."""
    for port in random.sample(_RANGE, len(_RANGE)):
        if port not in taken and is_free("127.0.0.1", port):
            return port
    raise OSError("No port between 20000 and 29999 is free.")


def is_free(host: str, port: int) -> bool:
    """Whether one could listen there. OSError where the address is not this machine's, or the port needs privileges."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True
