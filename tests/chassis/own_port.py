"""A port that stays a test's own while nobody listens on it."""

import socket


def bound(port: int) -> socket.socket:
    """A socket on this loopback port, 0 for a free one; there can be several, all made here.

    Who keeps one that never listens has the port for himself: a caller is refused while no other listens. They are
    without SO_REUSEADDR, or the system would give the port away a second time.
    """
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    return made
