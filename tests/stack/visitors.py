"""Somebody who asks for the same page again and again, each time on a new connection, and remembers what came back."""

import http.client
import threading
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_TIMEOUT_S = 10.0
_LIMIT = 100_000


class Visitor:
    """Asks between `with` and its end; `statuses` has the status of every answer, 0 where there was none."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.statuses: list[int] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def failed(self) -> list[int]:
        return [status for status in self.statuses if status != 200]

    def _ask(self) -> None:
        while not self._done.is_set() and len(self.statuses) < _LIMIT:
            self.statuses.append(fetch(self._url)[0])


def fetch(url: str) -> tuple[int, bytes]:
    """Status and body of a GET; 0 where no answer came."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
