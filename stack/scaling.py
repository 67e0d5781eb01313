"""Which services may have several replicas."""

from collections.abc import Sequence

from stack.errors import NotPossibleHere, UnknownTarget
from stack.runtime import BALANCED

SERVICES = ("products", "customers", "orders", "gateway", "dashboard", "postgres", "lb")
_LARGEST = 50


def check_balanced(service: str) -> None:
    """Refuse a service that the load balancer has nothing to do with."""
    _check_known(service)
    if service not in BALANCED:
        raise NotPossibleHere(
            f"{service} stays at one replica: the load balancer stands in front of {' and '.join(BALANCED)} only."
        )


def check_scalable(service: str, count: int) -> None:
    """Refuse what would not share the load, with a sentence."""
    check_balanced(service)
    if not 1 <= count <= _LARGEST:
        raise NotPossibleHere(f"{count} replicas cannot be: use a number from 1 to {_LARGEST}.")


def check_rollable(service: str, names: Sequence[str]) -> None:
    """Refuse where the restart of one replica would fail requests."""
    _check_known(service)
    if service not in BALANCED:
        raise NotPossibleHere(f"{service} has one replica, whose restart would fail requests: use stop and start.")
    if len(names) < 2:
        raise NotPossibleHere(
            f"{service} has one replica, whose restart would fail requests: "
            f"scale it first, with `make scale SERVICE={service} N=2`."
        )


def _check_known(service: str) -> None:
    if service not in SERVICES:
        raise UnknownTarget(f"No service is called {service!r}: there are {', '.join(SERVICES)}.")
