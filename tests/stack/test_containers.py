"""What `docker container inspect` (engine 20.10, Compose 2.26) said, cut to what is read of it."""

from pathlib import Path
from typing import Any

import pytest

from stack.docker.containers import read_all
from stack.model import Replica

FOLDER = "/srv/afloat"


def inspected(service: str = "products", number: int = 1, **state: Any) -> dict[str, Any]:
    return {
        "Name": f"/shop-{service}-{number}",
        "RestartCount": 2,
        "State": {"Status": "running", "Running": True, "Paused": False, "Pid": 21801, "ExitCode": 0, **state},
        "HostConfig": {"PortBindings": {}},
        "Config": {
            "Labels": {
                "com.docker.compose.container-number": str(number),
                "com.docker.compose.oneoff": "False",
                "com.docker.compose.project": "shop",
                "com.docker.compose.project.working_dir": FOLDER,
                "com.docker.compose.service": service,
            }
        },
    }


def test_a_container_is_a_replica_under_its_short_name() -> None:
    (container,) = read_all([inspected(number=3, Health={"Status": "healthy", "FailingStreak": 0, "Log": []})])

    assert container.replica == Replica("products-3", "products", "ready", container="shop-products-3", restarts=2)
    assert container.folder == Path(FOLDER)


@pytest.mark.parametrize(
    ("state", "seen_as"),
    [
        ({"Health": {"Status": "healthy"}}, "ready"),
        ({"Health": {"Status": "starting"}}, "starting"),
        ({"Health": {"Status": "unhealthy"}}, "not_ready"),
        ({}, "ready"),
        ({"Status": "paused", "Health": {"Status": "healthy"}}, "paused"),
        ({"Status": "exited", "ExitCode": 137, "Health": {"Status": "unhealthy"}}, "stopped"),
        ({"Status": "dead"}, "stopped"),
        ({"Status": "created"}, "starting"),
        ({"Status": "restarting", "ExitCode": 1}, "starting"),
    ],
)
def test_the_state_is_the_engines_and_the_health_checks(state: dict[str, Any], seen_as: str) -> None:
    (container,) = read_all([inspected(**state)])

    assert container.replica.state == seen_as


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_load_balancers_address_is_where_it_is_published(host: str) -> None:
    lb = inspected("lb") | {"HostConfig": {"PortBindings": {"8080/tcp": [{"HostIp": host, "HostPort": "18090"}]}}}

    assert read_all([lb])[0].published == (host, 18090)


def test_a_container_that_publishes_nothing_has_no_address() -> None:
    without = inspected() | {"HostConfig": {"PortBindings": None}}

    assert read_all([without])[0].published is None


def test_a_job_is_no_part_of_the_running_stack() -> None:
    job, service = read_all([inspected("migrate", Status="exited"), inspected("orders")])

    assert job.beside
    assert not service.beside


def test_containers_of_compose_run_are_left_out() -> None:
    by_hand = inspected()
    by_hand["Config"]["Labels"]["com.docker.compose.oneoff"] = "True"

    assert read_all([by_hand]) == []
