"""A container's health check: exits 0 if the URL answers 200. Standard library only, so that it starts in milliseconds.

python -I -S chassis/probe.py http://127.0.0.1:8000/readyz
"""

import socket
import sys

TIMEOUT_S = 2.0


def answers_ok(url: str) -> bool:
    """Whether a plain HTTP GET of `url` is answered with status 200 in time."""
    host_port, _, path = url.removeprefix("http://").partition("/")
    host, _, port = host_port.partition(":")
    request = f"GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n"
    try:
        with socket.create_connection((host, int(port or 80)), TIMEOUT_S) as connection:
            connection.sendall(request.encode())
            return connection.makefile("rb").readline(64).split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if answers_ok(sys.argv[1]) else 1)
