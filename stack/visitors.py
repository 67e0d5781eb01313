"""The visitors that the dashboard of a running stack sends: how many a second, and to have it send more or none."""

from urllib.parse import urlsplit

from stack import http
from stack.errors import Refused, Unanswered
from stack.model import Status
from stack.reply import ASK_TIMEOUT_S, Reply, encoded


def rate(status: Status) -> float:
    """Visitors a second; 0 where there is no dashboard."""
    if not status.of("dashboard"):
        return 0.0
    return float(_ask(status, "GET", "/control/state").json()["visitors"]["rate"])


def send(status: Status, rate: float) -> None:
    """Have the dashboard send so many a second from now on."""
    _ask(status, "PUT", "/control/visitors", {"rate": rate})


def _ask(status: Status, method: str, path: str, body: object | None = None) -> Reply:
    """Through the load balancer, as any user with the token does."""
    parts = urlsplit(status.url)
    headers = {"Authorization": f"Bearer {status.control_token}"}
    try:
        reply = http.ask(parts.hostname or "", parts.port or 80, method, path, encoded(body), ASK_TIMEOUT_S, headers)
    except OSError:
        raise Unanswered("The dashboard gives no answer.") from None
    if reply.status != 200:
        raise Refused(f"The dashboard refuses: {reply.explanation()}.")
    return reply
