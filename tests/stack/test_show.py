"""What is said of a replica that was ended, which differs with who starts it again."""

import pytest

from stack import show
from stack.model import Replica, State, Status
from stack.runtime import Scheduler
from tests.lab.fake_stack import FakeRuntime


class FakeScheduler:
    def replacement_s(self, service: str) -> float:
        raise AssertionError

    def replace_after(self, service: str, seconds: float) -> None:
        raise AssertionError

    def deploy(self, service: str, minimum_healthy: int) -> None:
        raise AssertionError


def runtime(name: str) -> FakeRuntime:
    runtime = FakeRuntime(name)
    scheduler: Scheduler = FakeScheduler()
    runtime.scheduler = scheduler if name == "swarm" else None
    return runtime


@pytest.mark.parametrize(
    ("name", "says"),
    [("docker", "stays down"), ("local", "being started again"), ("swarm", "the scheduler replaces it")],
)
def test_what_becomes_of_the_killed_is_said(name: str, says: str) -> None:
    assert says in show.killed(runtime(name), "products-2")


@pytest.mark.parametrize(
    ("name", "state", "says"),
    [
        ("docker", "stopped", "is stopped; `make start TARGET=products-2` starts it again"),
        ("swarm", "starting", "does not stay down: the scheduler replaces it"),
        ("swarm", "stopped", "is stopped; `make start TARGET=products-2` starts it again"),
    ],
)
def test_what_becomes_of_the_stopped_is_said(name: str, state: State, says: str) -> None:
    now = Status(name, "", "", [Replica("products-2", "products", state, container="c")])

    assert says in show.stopped(runtime(name), now, "products-2")


@pytest.mark.parametrize(("nodes", "shown"), [(("node1", "node2"), True), (("node1", "node1"), False)])
def test_nodes_are_shown_where_there_are_several(nodes: tuple[str, str], shown: bool) -> None:
    replicas = [Replica(f"products-{number}", "products", "ready", node=node) for number, node in enumerate(nodes, 1)]

    assert ("node" in [column.header for column in show.table(Status("swarm", "", "", replicas)).columns]) is shown
