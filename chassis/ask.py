"""Sends a request to the service in the same container, for `docker exec`. It uses only the standard library.

python -I -S chassis/ask.py 5 PUT http://127.0.0.1:8000/faults '{"kind": "crash", "for_s": 1}'

Prints `STATUS LENGTH`, a line break and the body. The first argument is the timeout in seconds. If there is no
answer in time, it prints the reason and exits with 1.
"""

import socket
import sys
import time


def ask(timeout_s: float, method: str, url: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer. Raises OSError or ValueError if there is none in time."""
    deadline = time.monotonic() + timeout_s
    host_port, _, path = url.removeprefix("http://").partition("/")
    host, _, port = host_port.partition(":")
    # With HTTP/1.0, the answer has no chunks, and it ends when the connection closes.
    head = (
        f"{method} /{path} HTTP/1.0\r\nHost: {host}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    answer = bytearray()
    with socket.create_connection((host, int(port or 80)), timeout_s) as connection:
        connection.sendall(head.encode() + body)
        while not _complete(answer):
            connection.settimeout(max(0.001, deadline - time.monotonic()))
            part = connection.recv(65536)
            if not part:
                break
            answer += part
    answer_head, _, content = bytes(answer).partition(b"\r\n\r\n")
    if not answer_head:
        raise ConnectionError("the connection was closed without an answer")
    return int(answer_head.split(None, 2)[1]), content


def _complete(answer: bytearray) -> bool:
    """Whether the whole body has arrived. Without a Content-Length, the answer is False."""
    head, end, content = answer.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if end and name == b"content-length":
            return len(content) >= int(value)
    return False


if __name__ == "__main__":
    _, timeout_argument, method_argument, url_argument, *body_argument = sys.argv
    try:
        status, body_received = ask(
            float(timeout_argument), method_argument, url_argument, "".join(body_argument).encode()
        )
    except (OSError, ValueError, IndexError) as error:
        sys.exit(str(error) or type(error).__name__)
    # Write everything at once, because the service may kill this process immediately afterwards.
    sys.stdout.buffer.write(b"%d %d\n%b" % (status, len(body_received), body_received))
    sys.stdout.buffer.flush()
