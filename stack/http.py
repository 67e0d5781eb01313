"""Small HTTP questions to a service on this machine."""

import http.client
from urllib.parse import urlsplit

_TIMEOUT_S = 2.0


def answers_ok(host: str, port: int, path: str) -> bool:
    """Whether a GET is answered with 200 in time."""
    return _get(host, port, path)[0] == 200


def served_by(url: str) -> str | None:
    """The replica that answers a GET of `url`, or None."""
    parts = urlsplit(url)
    return _get(parts.hostname or "", parts.port or 80, parts.path)[1]


def _get(host: str, port: int, path: str) -> tuple[int, str | None]:
    connection = http.client.HTTPConnection(host, port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("X-Served-By")
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()
