"""Who may see the page, and who may change things. The rules are those of Jupyter.

The address that is printed at the start has a token in it. A browser that opens it gets a cookie, which scripts cannot
read and other sites cannot send, and is redirected to the address without the token. curl sends the token as a bearer
token. Reading needs no token, but a Host that is ours: an attacker's host name could point to this server (DNS
rebinding).
"""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from chassis.problems import Problem

_OWN_SITE = frozenset({"same-origin", "none"})
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::(\d{1,5}))?")


class Access:
    """`hosts` are the host names that are allowed besides localhost and IP addresses."""

    def __init__(self, token: str, hosts: Iterable[str] = ()) -> None:
        self._token = token.encode()
        self._hosts = frozenset(host.lower() for host in hosts)
        # From the cookie nobody can compute the token.
        self._ticket = hmac.new(self._token, b"cookie", hashlib.sha256).hexdigest()

    def check_host(self, request: Request) -> None:
        """Raise a Problem if the Host is not ours."""
        name, _ = _host(request)
        if not (_is_local(name) or name in self._hosts):
            raise Problem(
                421, "This page is not served under that host name. AFLOAT_DASHBOARD_HOSTS allows more names."
            )

    def check_reader(self, request: Request) -> None:
        """Raise a Problem for a request from another site: it cannot read the answer, but could use up all streams."""
        self.check_host(request)
        _check_site(request)

    def check(self, request: Request) -> None:
        """Raise a Problem if the request may not change anything."""
        self.check_reader(request)
        bearer = _bearer(request)
        if bearer is not None:
            if not self._is_token(bearer):
                raise _unauthorized("This is not the control token.")
        elif not self.has_ticket(request):
            raise _unauthorized("This needs the control token, which was printed at the start.")
        elif not _names_its_origin(request):
            raise _unauthorized("Without an Origin this needs the control token as a bearer.")

    def has_ticket(self, request: Request) -> bool:
        ticket = request.cookies.get(_cookie_name(request), "")
        return hmac.compare_digest(ticket.encode(), self._ticket.encode())

    def enter(self, request: Request, token: str) -> Response:
        """Check the token of the address, set the cookie, and redirect to the page without the token."""
        answer = RedirectResponse("/", 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
        if self._is_token(token):
            self.give_ticket(request, answer)
        return answer

    def give_ticket(self, request: Request, answer: Response) -> None:
        answer.set_cookie(
            _cookie_name(request),
            self._ticket,
            httponly=True,
            samesite="strict",
            path="/",
            secure=request.headers.get("x-forwarded-proto") == "https",
        )

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token)


def _check_site(request: Request) -> None:
    """If the client is a browser, the request must come from this page. curl sends neither header."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    own = request.headers.get("host", "").lower()
    if origin is not None and origin.lower() not in (f"http://{own}", f"https://{own}"):
        raise Problem(403, "Only the dashboard's own page may ask for this.")
    if site is not None and site not in _OWN_SITE:
        raise Problem(403, "Only the dashboard's own page may ask for this.")


def _names_its_origin(request: Request) -> bool:
    return "origin" in request.headers or "sec-fetch-site" in request.headers


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _unauthorized(detail: str) -> Problem:
    problem = Problem(401, detail)
    problem.headers = {"WWW-Authenticate": "Bearer"}
    return problem


def _cookie_name(request: Request) -> str:
    """A browser sends a cookie to every port of a host. Two stacks on one machine need two names."""
    _, port = _host(request)
    return f"afloat-control-{port}" if port else "afloat-control"


def _host(request: Request) -> tuple[str, str]:
    """The name and the port; both are empty if the Host is malformed."""
    found = _HOST.fullmatch(request.headers.get("host", "").lower())
    return (found[1] or found[2], found[3] or "") if found else ("", "")


def _is_local(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
