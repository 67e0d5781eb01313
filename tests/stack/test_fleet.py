"""What `docker service inspect` and `docker service ps` (engine 20.10) said, cut to what is read of it."""

import json
from typing import Any

import pytest

from stack.model import Replica
from stack.swarm.fleet import Fleet

STACK = "shop"


def service(name: str = "products", replicas: int | None = 3, **more: Any) -> dict[str, Any]:
    mode = {"ReplicatedJob": {}} if replicas is None else {"Replicated": {"Replicas": replicas}}
    template = {"RestartPolicy": {"Condition": "any", "Delay": 1_500_000_000}}
    return {"Spec": {"Name": f"{STACK}_{name}", "Mode": mode, "TaskTemplate": template}, **more}


def task(id: str, name: str = "products.1", state: str = "Running 5 seconds ago", **more: str) -> dict[str, str]:
    row = {"ID": id, "Name": f"{STACK}_{name}", "Node": "node2", "DesiredState": "Running", "Error": ""}
    return {**row, "CurrentState": state, **more}


def fleet(services: list[dict[str, Any]], tasks: list[dict[str, str]], *paused: str) -> Fleet:
    return Fleet.read(STACK, json.dumps(services), "\n".join(map(json.dumps, tasks)), paused)


def test_a_task_is_a_replica_whose_container_is_called_after_it() -> None:
    (replica,) = fleet([service(replicas=1)], [task("x7")]).replicas

    assert replica == Replica("products-1", "products", "ready", container="shop_products.1.x7", node="node2")


@pytest.mark.parametrize(
    ("state", "seen_as"),
    [
        ("Running 2 minutes ago", "ready"),
        ("Starting 1 second ago", "starting"),
        ("Preparing 1 second ago", "starting"),
        ("Pending 3 seconds ago", "starting"),
        ("Rejected 3 seconds ago", "stopped"),
    ],
)
def test_the_state_is_swarms(state: str, seen_as: str) -> None:
    (replica,) = fleet([service(replicas=1)], [task("x7", state=state)]).replicas

    assert replica.state == seen_as


def test_what_is_frozen_only_its_engine_knows() -> None:
    (replica,) = fleet([service(replicas=1)], [task("x7")], "shop_products.1.x7").replicas

    assert replica.state == "paused"


def test_a_replacement_that_waits_for_its_delay_is_starting_and_the_dead_are_counted() -> None:
    waiting = task("x8", state="Ready 1 second ago", DesiredState="Ready")
    dead = task("x7", "products.1", "Failed 1 second ago", DesiredState="Shutdown", Error="task: non-zero exit (137)")
    (replica,) = fleet([service(replicas=1)], [waiting, dead]).replicas

    assert (replica.state, replica.restarts) == ("starting", 1)


def test_an_updated_replica_was_not_restarted() -> None:
    old = task("x7", "products.1", "Shutdown 1 second ago", DesiredState="Shutdown")
    (replica,) = fleet([service(replicas=1)], [task("x8"), old]).replicas

    assert replica.restarts == 0


def test_of_two_tasks_in_one_slot_the_one_that_runs_is_the_replica() -> None:
    starting, running = task("x8", state="Starting 1 second ago"), task("x7")

    for tasks in ([starting, running], [running, starting]):
        (replica,) = fleet([service(replicas=1)], tasks).replicas
        assert replica.container == "shop_products.1.x7"


def test_a_task_on_a_node_that_is_gone_is_none() -> None:
    lost = task("x7", Node="node3", DesiredState="Shutdown")

    assert [each.node for each in fleet([service(replicas=1)], [lost, task("x8")]).replicas] == ["node2"]


def test_what_is_wanted_and_not_there_yet_is_starting_and_what_was_stopped_is_stopped() -> None:
    seen = fleet([service(replicas=2), service("postgres", 0)], [task("x7", "products.2")])

    assert [(each.name, each.state) for each in seen.replicas] == [
        ("products-1", "starting"),
        ("products-2", "ready"),
        ("postgres-1", "stopped"),
    ]
    assert seen.waiting() == ["products-1", "postgres-1"]
    assert seen.waiting("products") == ["products-1"]


def test_a_job_is_no_part_of_the_running_stack() -> None:
    seen = fleet([service("migrate", None)], [task("x7", "migrate.n0de", "Complete 1 second ago")])

    assert seen.replicas == []
    assert [each.state for each in seen.tasks] == ["Complete"]


def test_the_delay_of_a_replacement_is_told_in_seconds() -> None:
    assert fleet([service()], []).services["products"].replacement_s == 1.5


def test_what_tasks_complain_of_is_said_once() -> None:
    dead = [task(id, state="Failed 1 second ago", Error="no suitable node") for id in ("x7", "x8")]

    assert fleet([service()], dead).troubles() == ["products: no suitable node"]
