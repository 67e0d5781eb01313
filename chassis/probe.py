"""A container's health check: exits with 0 if the URL answers 200. The URL must have an IP address, not a host name.

python -I -S chassis/probe.py http://127.0.0.1:8000/readyz

It runs every few seconds in every container and uses CPU time that requests need. So it imports very little: importing
`socket` instead of `_socket` would take two thirds of its time.
"""

import _socket
import sys

TIMEOUT_S = 2.0


def answers_ok(url: str) -> bool:
    """Whether an HTTP GET of `url` gets the status 200 in time."""
    host_port, _, path = url.removeprefix("http://").partition("/")
    host, _, port = host_port.partition(":")
    request = f"GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n"
    connection = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    try:
        connection.settimeout(TIMEOUT_S)
        connection.connect((host, int(port or 80)))
        connection.sendall(request.encode())
        answer = b""
        while len(answer) < len("HTTP/1.1 200 ") and (part := connection.recv(64)):
            answer += part
        return answer.split(maxsplit=2)[1:2] == [b"200"]
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if answers_ok(sys.argv[1]) else 1)
