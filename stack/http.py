"""Small HTTP questions to a service on this machine."""

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

from stack.reply import Reply

_TIMEOUT_S = 2.0
_NO_HEADERS: Mapping[str, str] = {}
_UNANSWERED = (OSError, http.client.HTTPException)


def answers_ok(host: str, port: int, path: str) -> bool:
    """Whether a GET is answered with 200 in time."""
    return _get(host, port, path)[0] == 200


def served_by(url: str) -> str | None:
    """The replica that answers a GET of `url`, or None."""
    parts = urlsplit(url)
    return _get(parts.hostname or "", parts.port or 80, parts.path)[1].get("x-served-by")


def ask(
    host: str,
    port: int,
    method: str,
    path: str,
    body: bytes,
    timeout_s: float,
    headers: Mapping[str, str] = _NO_HEADERS,
) -> Reply:
    """The answer, whatever its status; an OSError where none comes in time."""
    try:
        status, _, content = _exchange(host, port, method, path, body, timeout_s, headers)
    except http.client.HTTPException as error:
        raise ConnectionError(f"it did not speak HTTP: {error!r}") from error
    return Reply(status, content)


def _get(host: str, port: int, path: str) -> tuple[int, Mapping[str, str]]:
    try:
        status, headers, _ = _exchange(host, port, "GET", path, b"", _TIMEOUT_S)
    except _UNANSWERED:
        return 0, {}
    return status, headers


def _exchange(
    host: str,
    port: int,
    method: str,
    path: str,
    body: bytes,
    timeout_s: float,
    more_headers: Mapping[str, str] = _NO_HEADERS,
) -> tuple[int, Mapping[str, str], bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    headers = {"Connection": "close", **({"Content-Type": "application/json"} if body else {}), **more_headers}
    try:
        connection.request(method, path, body=body or None, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    finally:
        connection.close()
