"""A question to this container's own service, for whoever can only start a process in it. Standard library only.

python -I -S chassis/ask.py 5 PUT http://127.0.0.1:8000/faults '{"kind": "crash", "for_s": 1}'

Prints `STATUS LENGTH`, a line break and the body. Where no answer comes in so many seconds, it says why and exits 1.
"""

import socket
import sys
import time


def ask(timeout_s: float, method: str, url: str, body: bytes) -> tuple[int, bytes]:
    """Status and body of the answer; OSError or ValueError where there is none in time."""
    deadline = time.monotonic() + timeout_s
    host_port, _, path = url.removeprefix("http://").partition("/")
    host, _, port = host_port.partition(":")
    # HTTP/1.0: the end of the connection is the end of the answer, which never comes in chunks.
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
    """Whether all of the body is there, where its length was told."""
    head, end, content = answer.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if end and name == b"content-length":
            return len(content) >= int(value)
    return False


if __name__ == "__main__":
    _, given_s, asked_method, asked_url, *given_body = sys.argv
    try:
        status, answered = ask(float(given_s), asked_method, asked_url, "".join(given_body).encode())
    except (OSError, ValueError, IndexError) as error:
        sys.exit(str(error) or type(error).__name__)
    # In one piece: the process may be gone the moment after.
    sys.stdout.buffer.write(b"%d %d\n%b" % (status, len(answered), answered))
    sys.stdout.buffer.flush()
