"""What supervisord runs for a topology: one program a replica, and the migrate job."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stack.local.balancer import Balancer
from stack.local.postgres import DATABASE, Postgres
from stack.local.supervisor_conf import Program
from stack.local.topology import Place, Topology

MIGRATE = "migrate"
_WITH_SCHEMA = ("products", "customers", "orders")


@dataclass(frozen=True)
class Secrets:
    """The passwords of PostgreSQL's roles, and what the dashboard's operator must know."""

    passwords: Mapping[str, str] = field(repr=False)
    control_token: str = field(repr=False)


def programs(
    topology: Topology, secrets: Secrets, postgres: Postgres, balancer: Balancer, topology_file: Path
) -> Iterator[Program]:
    """All the programs of a topology, which the dashboard finds in `topology_file`."""

    def database(role: str) -> str:
        return f"postgresql://{role}:{secrets.passwords[role]}@{topology.of('postgres')[0].address}/{DATABASE}"

    yield Program(
        MIGRATE,
        _module(MIGRATE),
        {
            **topology.environment,
            "AFLOAT_ADMIN_DATABASE_URL": database("postgres"),
            **{f"AFLOAT_{role.upper()}_DATABASE_URL": database(role) for role in _WITH_SCHEMA},
            "AFLOAT_PRODUCTS_COUNT": str(topology.products_count),
        },
        once=True,
    )
    for place in topology.places:
        if place.service == "postgres":
            # SIGINT ends its clients' sessions; SIGTERM would wait for them.
            command = postgres.command(place.port)
            yield Program(place.name, command, user=postgres.user, stop_signal="INT", stop_wait_s=30)
        elif place.service == "lb":
            yield Program(place.name, balancer.command, stop_signal="QUIT", stop_wait_s=15)
        else:
            needs = _dependencies(topology, place.service)
            if place.service in _WITH_SCHEMA:
                needs = {"AFLOAT_DATABASE_URL": database(place.service)}
            elif place.service == "dashboard":
                needs = {
                    "AFLOAT_CONTROL_TOKEN": secrets.control_token,
                    "AFLOAT_TOPOLOGY_FILE": str(topology_file.absolute()),
                    "AFLOAT_PUBLIC_URL": topology.url,
                }
            environment = {**topology.environment, **needs, **_own(place)}
            command = _module(place.service)
            yield Program(place.name, command, environment, stop_wait_s=topology.stop_wait_s)


def _module(service: str) -> list[str]:
    return [sys.executable, "-m", f"services.{service}"]


def _own(place: Place) -> dict[str, str]:
    return {
        "AFLOAT_REPLICA": place.name,
        "AFLOAT_LISTEN_HOST": place.host,
        "AFLOAT_LISTEN_PORT": str(place.port),
    }


def _dependencies(topology: Topology, service: str) -> dict[str, str]:
    if service != "gateway":
        return {}
    reached_at = {"products": "lb", "customers": "customers", "orders": "orders"}
    return {
        f"AFLOAT_{name.upper()}_URL": f"http://{topology.of(through)[0].address}"
        for name, through in reached_at.items()
    }
