"""What `up` is to bring about: the settings as a topology, with the ports of before where they can be kept."""

import secrets
from collections.abc import Mapping
from math import ceil

from stack.errors import StackError
from stack.local.ports import free_port, is_free
from stack.local.topology import HOST, Topology
from stack.settings import StackSettings

# A service that is told to stop gets this much more than it may take, and is then killed.
_STOP_MARGIN_S = 3


def plan(
    settings: StackSettings, environment: Mapping[str, str], before: Topology | None, *, running: bool
) -> Topology:
    """`before` is the topology of the last `up`, if any; its ports are kept if it is `running`, or if they are free."""

    def may_keep(port: int) -> bool:
        return running or is_free(HOST, port)

    kept = tuple(place for place in before.places if may_keep(place.port)) if before else ()
    if before and may_keep(before.supervisor_port):
        supervisor_port = before.supervisor_port
    else:
        supervisor_port = free_port({place.port for place in kept})
    topology = Topology(
        url=settings.url,
        public=(settings.bind, settings.port),
        supervisor_port=supervisor_port,
        supervisor_password=before.supervisor_password if before and running else secrets.token_urlsafe(24),
        places=kept,
        environment=dict(environment),
        products_count=settings.products_count,
        stop_wait_s=ceil(settings.drain_s + settings.stop_timeout_s) + _STOP_MARGIN_S,
    )
    for service, count in settings.replicas.items():
        topology = topology.resized(service, count)
    return topology


def check_public_port(settings: StackSettings) -> None:
    """StackError where the load balancer could not listen."""
    try:
        free = is_free(settings.bind, settings.port)
    except PermissionError:
        raise StackError(f"Port {settings.port} needs root: choose one from 1024, as in AFLOAT_PORT=8080.") from None
    except OSError:
        raise StackError(f"AFLOAT_BIND is {settings.bind}, which is no address of this machine.") from None
    if not free:
        raise StackError(
            f"Port {settings.port} on {settings.bind} is taken: end what listens there, or choose another port, "
            f"as in `AFLOAT_PORT={settings.port + 1} make up`."
        )
