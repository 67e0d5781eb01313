"""Whether the load balancer sends requests to a replica: it has answered one that came through the public port."""

from stack import http
from stack.waiting import until

# Answered by the replica itself, whatever its dependencies do: no such product, no such customer.
_PROBES = {"products": "/products/0", "gateway": "/api/customers/0"}
# nginx leaves a failed replica alone for 2 s, and asks Docker's DNS every second.
_TIMEOUT_S = 20.0


def wait_in_rotation(url: str, service: str, name: str) -> None:
    """Return when `name` has answered a request of a client."""
    until(
        lambda: http.served_by(url + _PROBES[service]) == name,
        _TIMEOUT_S,
        lambda: f"{name} is ready, but the load balancer sends it no request: see its log with `make logs`.",
    )
