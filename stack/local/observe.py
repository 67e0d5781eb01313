"""The states of plain processes: what supervisord says, what the kernel says, and what the process answers."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from stack import http
from stack.local import postgres, processes
from stack.local.supervisor import Process
from stack.local.topology import Place, Topology
from stack.model import Replica, State

_ORDER = ("lb", "dashboard", "gateway", "products", "customers", "orders", "postgres")


def replicas(topology: Topology, known: Mapping[str, Process]) -> list[Replica]:
    """Every replica of the topology, asked all at once."""

    def observed(place: Place) -> Replica:
        process = known.get(place.name)
        if process is None:
            return Replica(place.name, place.service, "stopped")
        return Replica(place.name, place.service, _state(place, process), process.pid, restarts=process.restarts)

    places = [place for service in _ORDER for place in topology.of(service)]
    with ThreadPoolExecutor(max_workers=len(places)) as pool:
        return list(pool.map(observed, places))


def _state(place: Place, process: Process) -> State:
    if process.pid is None:
        return "starting" if process.state in ("STARTING", "BACKOFF") else "stopped"
    if processes.is_paused(process.pid):
        return "paused"
    if process.state == "STOPPING":
        return "not_ready"
    if is_ready(place):
        return "ready"
    return "starting" if process.state == "STARTING" else "not_ready"


def is_ready(place: Place) -> bool:
    """Whether it says of itself that it can serve."""
    if place.service == "postgres":
        return postgres.accepts_connections(place.port)
    return http.answers_ok(place.host, place.port, "/healthz" if place.service == "lb" else "/readyz")
