"""A client that tells what became of every request, which is sent once."""

import fcntl
import json
import os
import re
import resource
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from lab.connection import Broke, Connections, NoConnection, NotHttp
from lab.record import ANSWERED
from lab.request import Request

NO_CONNECTION = "no connection"
CONNECTION_BROKE = "connection broke"
NOT_HTTP = "not HTTP"

_SPARE_FILES = 100

_REASON = re.compile(r"[a-z_]{1,40}")
# By Cache-Status (RFC 9211): a hit, and one whose time to live is over.
_HIT = re.compile(r";\s*hit\b")
_STALE = re.compile(r";\s*hit\b.*;\s*ttl=-\d+(?:;\s*detail=(?P<reason>[a-z_]{1,40}))?")
_ATTEMPTS = re.compile(r"\bretry\b[^,]*;\s*attempts=(\d{1,3})")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: `failure` is empty if it was answered with a status below 400.

    `replica`: who answered, empty for cached data, which names the one that gave it at another time.
    `degraded`: with cached data past its time, for this `reason`, or a storefront with a section that is not fresh.
    `body` only if it was wanted.
    """

    failure: str
    replica: str = ""
    degraded: bool = False
    retries: int = 0
    body: bytes | None = None
    reason: str = ""


class Client:
    """One pool of kept connections, as large as it takes."""

    def __init__(self, url: str, max_connections: int) -> None:
        _allow_open_files(max_connections + _SPARE_FILES)
        self._connections = Connections(url)

    async def close(self) -> None:
        await self._connections.close()

    async def send(self, request: Request, timeout_s: float) -> Outcome:
        """Send it and read the answer to its end. TimeoutError where that has not come by then."""
        try:
            answer = await self._connections.send(request, timeout_s)
        except NoConnection:
            return Outcome(NO_CONNECTION)
        except Broke:
            return Outcome(CONNECTION_BROKE)
        except NotHttp:
            return Outcome(NOT_HTTP)
        headers, body = answer.headers, answer.body
        cache_status, retries = headers.get("cache-status", ""), _retries(headers)
        served_by = "" if _HIT.search(cache_status) else headers.get("x-served-by", "")
        if answer.status >= 400:
            return Outcome(_failure(answer.status, headers, body), served_by, retries=retries)
        stale = _STALE.search(cache_status)
        degraded = stale is not None or (request.sections and _lacks_sections(body))
        kept = body if request.keep_body else None
        return Outcome(ANSWERED, served_by, degraded, retries, kept, (stale and stale["reason"]) or "")


def _failure(status: int, headers: Mapping[str, str], body: bytes) -> str:
    """The status, and the reason where a problem document gives one: `status 503 circuit_open`."""
    if headers.get("content-type", "").startswith("application/problem+json"):
        try:
            reason = json.loads(body).get("reason")
        except (ValueError, AttributeError):
            reason = None
        if isinstance(reason, str) and _REASON.fullmatch(reason):
            return f"status {status} {reason}"
    return f"status {status}"


def _retries(headers: Mapping[str, str]) -> int:
    """The attempts after the first, by X-Patterns: `retry;dependency=orders;attempts=2` is one."""
    return sum(int(attempts) - 1 for attempts in _ATTEMPTS.findall(headers.get("x-patterns", "")))


def _lacks_sections(body: bytes) -> bool:
    """Whether a storefront has a section that is not fresh."""
    try:
        sections = json.loads(body).values()
        return any(section["status"] != "fresh" for section in sections)
    except (ValueError, AttributeError, TypeError, KeyError):
        return True


def _allow_open_files(count: int) -> None:
    """Raise the soft limit if it is lower: a connection is a file, and many systems allow 1024.

    And have Linux's table of them grow now: it doubles at 256, 512, 1,024 and stops a process with threads for 5 to
    20 ms each time.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    # Without a file so high the table only grows later.
    with open(os.devnull, "rb") as some_file, suppress(OSError):
        os.close(fcntl.fcntl(some_file, fcntl.F_DUPFD_CLOEXEC, count - 1))
