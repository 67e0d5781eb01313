"""The real stack under Compose: skipped where no engine answers, unless AFLOAT_REQUIRE_DOCKER=1."""

import json

import pytest

from stack.docker.command import docker
from stack.docker.runtime import DockerRuntime
from stack.errors import StackError
from stack.model import Replica
from stack.rotation import wait_in_rotation
from stack.waiting import until
from tests.stack.visitors import Visitor, fetch

_DEADLINE_S = 60.0
pytestmark = pytest.mark.timeout(900)


def replica(runtime: DockerRuntime, name: str) -> Replica:
    return next(each for each in runtime.status().replicas if each.name == name)


def wait_until_all_ready(runtime: DockerRuntime) -> None:
    until(lambda: runtime.status().ready, _DEADLINE_S, lambda: f"not ready: {runtime.status().replicas}")


def search(runtime: DockerRuntime) -> str:
    return f"{runtime.status().url}/products/search?q=lamp"


def test_up_gives_a_stack_that_finds_products(docker_runtime: DockerRuntime) -> None:
    status, body = fetch(search(docker_runtime))

    assert status == 200
    assert json.loads(body)["products"]
    assert docker_runtime.status().ready


def test_a_killed_replica_stays_down_until_it_is_started(docker_runtime: DockerRuntime) -> None:
    docker_runtime.kill("products-2")
    killed = replica(docker_runtime, "products-2")
    docker_runtime.start("products-2")

    assert killed.state == "stopped"
    assert replica(docker_runtime, "products-2").state == "ready"


def test_killing_what_does_not_run_is_refused(docker_runtime: DockerRuntime) -> None:
    docker_runtime.stop("orders")

    with pytest.raises(StackError, match="make start TARGET=orders-1"):
        docker_runtime.kill("orders")


def test_a_paused_replica_says_so_and_resumes(docker_runtime: DockerRuntime) -> None:
    docker_runtime.pause("products-1")
    paused = replica(docker_runtime, "products-1")
    docker_runtime.resume("products-1")

    assert paused.state == "paused"
    # Its health check may have fallen into the pause: the next one finds it well.
    wait_until_all_ready(docker_runtime)


def test_a_replica_that_was_cut_off_comes_back_into_rotation(docker_runtime: DockerRuntime) -> None:
    with Visitor(search(docker_runtime)) as visitor:
        docker_runtime.cut("products-3")
        docker_runtime.join("products-3")
        wait_in_rotation(docker_runtime.status().url, "products", "products-3")

    assert visitor.failed == []


def test_scaling_costs_no_request(docker_runtime: DockerRuntime) -> None:
    with Visitor(search(docker_runtime)) as visitor:
        docker_runtime.scale("products", 5)
        five = docker_runtime.status().of("products")
        docker_runtime.scale("products", 2)
        two = docker_runtime.status().of("products")

    assert [each.state for each in five] == ["ready"] * 5
    assert [each.state for each in two] == ["ready"] * 2
    assert visitor.failed == []


def test_rolling_costs_no_request(docker_runtime: DockerRuntime) -> None:
    with Visitor(search(docker_runtime)) as visitor:
        docker_runtime.roll()

    assert docker_runtime.status().ready
    assert visitor.statuses
    assert visitor.failed == []


def test_up_thaws_and_starts_what_is_not_running(docker_runtime: DockerRuntime) -> None:
    docker_runtime.pause("products-1")
    docker_runtime.kill("customers")

    docker_runtime.up()

    wait_until_all_ready(docker_runtime)


def test_settings_of_the_user_reach_the_services(docker_runtime: DockerRuntime) -> None:
    told = DockerRuntime(docker_runtime.settings, environment={"AFLOAT_DRAIN_S": "1.25", "AFLOAT_LB_TRIES": "4"})

    told.up()

    variables = {
        service: docker("container", "inspect", "--format", "{{json .Config.Env}}", str(replica(told, name).container))
        for service, name in (("gateway", "gateway-1"), ("lb", "lb-1"))
    }
    assert "AFLOAT_DRAIN_S=1.25" in json.loads(variables["gateway"])
    assert "AFLOAT_LB_TRIES=4" in json.loads(variables["lb"])


def test_down_leaves_no_container_and_keeps_the_data(docker_runtime: DockerRuntime) -> None:
    docker_runtime.pause("products-1")

    docker_runtime.down()

    label = f"label=com.docker.compose.project={docker_runtime.settings.compose_project_name}"
    assert not docker_runtime.is_up()
    assert docker("container", "ls", "--all", "--quiet", "--filter", label) == ""
    assert docker("volume", "ls", "--quiet", "--filter", label) != ""
