"""The real stack under Compose: skipped where no engine answers, unless AFLOAT_REQUIRE_DOCKER=1."""

import json

import pytest

from stack import faults
from stack.docker.command import docker
from stack.docker.runtime import DockerRuntime
from stack.errors import NotPossibleHere, StackError
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
    for touch in (docker_runtime.kill, lambda name: docker_runtime.ask(name, "GET", "/livez")):
        with pytest.raises(StackError, match="make start TARGET=products-2"):
            touch("products-2")
    docker_runtime.start("products-2")

    assert killed.state == "stopped"
    assert replica(docker_runtime, "products-2").state == "ready"


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
        docker_runtime.scale("products", 3)
        three = docker_runtime.status().of("products")

    assert [each.state for each in five] == ["ready"] * 5
    assert [each.name for each in three] == ["products-1", "products-2", "products-3"]
    assert [each.state for each in three] == ["ready"] * 3
    assert visitor.failed == []


def test_up_thaws_and_starts_what_is_not_running(docker_runtime: DockerRuntime) -> None:
    docker_runtime.pause("products-1")
    docker_runtime.kill("customers")

    docker_runtime.up()

    wait_until_all_ready(docker_runtime)


def test_settings_of_the_user_reach_the_services(docker_runtime: DockerRuntime) -> None:
    settings = {"AFLOAT_DRAIN_S": "1.25", "AFLOAT_LB_TRIES": "4", "AFLOAT_FAULTS_ENABLED": "false"}
    told = DockerRuntime(docker_runtime.settings, environment=settings)

    told.up()

    variables = {
        service: docker("container", "inspect", "--format", "{{json .Config.Env}}", str(replica(told, name).container))
        for service, name in (("gateway", "gateway-1"), ("lb", "lb-1"))
    }
    assert "AFLOAT_DRAIN_S=1.25" in json.loads(variables["gateway"])
    assert "AFLOAT_LB_TRIES=4" in json.loads(variables["lb"])
    with pytest.raises(NotPossibleHere, match="AFLOAT_FAULTS_ENABLED is false"):
        faults.inject(told, "customers", {"kind": "crash", "for_s": 1})


def test_down_leaves_no_container_and_keeps_the_data(running_docker: DockerRuntime) -> None:
    if not running_docker.is_up():
        running_docker.up()
    running_docker.pause("products-1")

    running_docker.down()

    label = f"label=com.docker.compose.project={running_docker.settings.compose_project_name}"
    assert not running_docker.is_up()
    assert docker("container", "ls", "--all", "--quiet", "--filter", label) == ""
    assert docker("volume", "ls", "--quiet", "--filter", label) != ""
