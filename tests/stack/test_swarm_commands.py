"""What the docker command is told for a swarm, and what is made of its answers: it is a script here."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from stack.choice import available, find_running
from stack.errors import NotPossibleHere, StackError
from stack.settings import ROOT, StackSettings
from stack.swarm.cluster import Cluster
from stack.swarm.deployment import Deployment
from stack.swarm.image import Image
from stack.swarm.project import SwarmProject
from stack.swarm.runtime import SwarmRuntime

MANAGER = {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": "n1", "Cluster": {"ID": "c1"}}

_SCRIPT = """#!/bin/sh
echo "$@" >>'{folder}/calls'
env >'{folder}/environment'
while read -r words; do
  case "$*" in "$words"*) exit 1 ;; esac
done <'{folder}/failures'
[ "$1" != --host ] || shift 2
for words in "$1 $2" "$1"; do
  [ -f "{folder}/$words" ] || continue
  cat "{folder}/$words"
  next=$(ls "{folder}/$words".* 2>/dev/null | head -n 1)
  [ -z "$next" ] || mv "$next" "{folder}/$words"
  exit 0
done
exit 0
"""


class FakeDocker:
    """Answers by the first words of a command, whichever engine is asked; `calls` are the commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "docker"
        self._path.write_text(_SCRIPT.format(folder=folder))
        self._path.chmod(self._path.stat().st_mode | stat.S_IXUSR)
        self._failures = folder / "failures"
        self._failures.touch()

    def says(self, words: str, answer: Any, *later: Any) -> None:
        """`later` is what it says each time after the first; the last one from then on."""
        for name, each in ((words, answer), *((f"{words}.{n}", each) for n, each in enumerate(later))):
            (self.folder / name).write_text(each if isinstance(each, str) else json.dumps(each))

    def fails(self, words: str) -> None:
        """From now on, each command that begins so."""
        with self._failures.open("a") as failures:
            failures.write(f"{words}\n")

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def environment(self) -> str:
        return (self.folder / "environment").read_text()


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    fake = FakeDocker(folder)
    fake.says("info", {"Name": "node1", "Swarm": MANAGER})
    fake.says("node ls", "n1\nn2\n")
    fake.says("node inspect", [node("node1"), node("node2")])
    return fake


@pytest.fixture
def settings(tmp_path: Path) -> StackSettings:
    return StackSettings(state_dir=tmp_path / "state", compose_project_name="shop", docker_host=None)


def node(name: str, state: str = "ready", address: str = "192.0.2.7", **labels: str) -> dict[str, Any]:
    return {
        "Description": {"Hostname": name},
        "Status": {"State": state, "Addr": address},
        "Spec": {"Labels": labels},
    }


def cluster_of(settings: StackSettings) -> Cluster:
    return Cluster(settings, settings.state_dir / "swarm")


def deployed_from(folder: str) -> list[dict[str, Any]]:
    template: dict[str, Any] = {"RestartPolicy": {}}
    spec = {"Name": "shop_lb", "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": template}
    return [{"Spec": {**spec, "Labels": {"afloat.folder": folder}}}]


def products(delay_s: int, replicas: int = 1, **strategies: Any) -> dict[str, Any]:
    """As infra/swarm/stack.yml has it by default, but for these."""
    one = {"Parallelism": 1, "FailureAction": "rollback", "Monitor": 5_000_000_000, "Order": "stop-first"}
    template = {"RestartPolicy": {"Delay": delay_s * 1_000_000_000}}
    spec = {"Name": "shop_products", "Mode": {"Replicated": {"Replicas": replicas}}, "TaskTemplate": template}
    started = {"State": "completed", "StartedAt": f"with a delay of {delay_s} s"}
    return {"Spec": {**spec, "UpdateConfig": one, "RollbackConfig": one, **strategies}, "UpdateStatus": started}


def replica(of_id: str, on: str, slot: int = 1, desired: str = "Running", service: str = "products") -> str:
    """A line of `docker service ps` about a replica that runs."""
    told = {"ID": of_id, "Name": f"shop_{service}.{slot}", "Node": on, "Error": "", "DesiredState": desired}
    return json.dumps({**told, "CurrentState": "Running 5 seconds ago"}) + "\n"


def job() -> dict[str, Any]:
    return {"Spec": {"Name": "shop_migrate", "Mode": {"ReplicatedJob": {}}, "TaskTemplate": {"RestartPolicy": {}}}}


def task(of_id: str, state: str) -> str:
    """A line of `docker service ps` about the job."""
    told = {"ID": of_id, "Name": "shop_migrate.1", "Node": "node1", "Error": ""}
    return json.dumps({**told, "DesiredState": "Complete", "CurrentState": f"{state} 5 seconds ago"}) + "\n"


def test_an_engine_in_no_swarm_becomes_one_that_listens_to_nobody_and_leaves_it_again(
    docker: FakeDocker, settings: StackSettings
) -> None:
    docker.says("info", {"Name": "node1", "Swarm": {"LocalNodeState": "inactive", "Cluster": {"ID": "c1"}}})
    cluster = cluster_of(settings)

    cluster.found(lambda _: None)
    docker.says("info", {"Name": "node1", "Swarm": MANAGER})
    cluster_of(settings).leave(lambda _: None)

    assert "swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377" in docker.calls
    assert docker.calls[-1] == "swarm leave --force"


def test_a_swarm_that_was_there_or_that_others_use_is_not_left(docker: FakeDocker, settings: StackSettings) -> None:
    cluster = cluster_of(settings)
    cluster.found(lambda _: None)
    cluster.leave(lambda _: None)
    (settings.state_dir / "swarm").mkdir(parents=True)
    (settings.state_dir / "swarm" / "swarm_id").write_text("c1")
    docker.says("service ls", "s1\n")
    cluster.leave(lambda _: None)

    assert not [call for call in docker.calls if call.startswith(("swarm init", "swarm leave"))]


def test_a_worker_is_told_to_ask_a_manager(docker: FakeDocker, settings: StackSettings) -> None:
    docker.says("info", {"Name": "node1", "Swarm": {"LocalNodeState": "active", "ControlAvailable": False}})

    with pytest.raises(StackError, match="set DOCKER_HOST to one that is"):
        cluster_of(settings).found(lambda _: None)
    assert not SwarmRuntime(settings).is_up()


def test_a_node_gets_the_labels_that_none_has(docker: FakeDocker, settings: StackSettings) -> None:
    docker.says("node inspect", [node("node1"), node("node2", **{"afloat.data": "true"})])

    cluster_of(settings).label()

    assert docker.calls[-1] == "node update --label-add afloat.entry=true n1"


def test_a_node_that_nobody_said_how_to_reach_is_named(docker: FakeDocker, settings: StackSettings) -> None:
    cluster = cluster_of(settings)

    assert cluster.host_of("node1") is None
    with pytest.raises(NotPossibleHere, match="as in `node2=ssh://me@node2`"):
        cluster.host_of("node2")
    with pytest.raises(StackError, match="how node2 could be given the image"):
        Image("shop", None, cluster).provide(lambda _: None)
    told = cluster_of(settings.model_copy(update={"swarm_nodes": "node2=ssh://me@node2"}))
    assert told.host_of("node2") == "ssh://me@node2"


def test_a_deployment_is_told_the_rollout_and_leaves_no_secret_behind(
    docker: FakeDocker, settings: StackSettings
) -> None:
    two = settings.model_copy(update={"products_replicas": 2, "minimum_healthy": 100, "replacement_s": 2.5})

    Deployment("shop", two, {"AFLOAT_DRAIN_S": "1.25"}, cluster_of(two)).deploy("shop-services:1")

    told = docker.environment.splitlines()
    for variable in ("REPLICAS=2", "ORDER=start-first", "PARALLELISM=1"):
        assert f"AFLOAT_PRODUCTS_{variable}" in told
    assert {"AFLOAT_REPLACEMENT_S=2.5", "AFLOAT_DRAIN_S=1.25", "AFLOAT_SWARM_IMAGE=shop-services:1"} <= set(told)
    assert [path.name for path in (two.state_dir / "swarm").iterdir() if path.is_file()] == ["passwords.json"]
    assert list((two.state_dir / "swarm" / "secrets").iterdir()) == []


def test_the_same_secrets_have_the_same_names(docker: FakeDocker, settings: StackSettings) -> None:
    deployment = Deployment("shop", settings, {}, cluster_of(settings))
    revisions = []
    for _ in range(2):
        deployment.deploy("shop-services:1")
        revisions += [line for line in docker.environment.splitlines() if line.startswith("AFLOAT_SECRETS_REVISION=")]
    deployment.forget_passwords()
    deployment.deploy("shop-services:1")

    assert revisions[0] == revisions[1]
    assert revisions[0] not in docker.environment.splitlines()


def test_a_value_that_nginx_would_misread_is_refused(docker: FakeDocker, settings: StackSettings) -> None:
    with pytest.raises(StackError, match="AFLOAT_LB_READ_TIMEOUT is '1s; access_log off'"):
        SwarmRuntime(settings, {"AFLOAT_LB_READ_TIMEOUT": "1s; access_log off"}).up()


def test_a_migration_is_over_when_its_own_task_is_and_not_an_earlier_ones(
    docker: FakeDocker, settings: StackSettings
) -> None:
    earlier = [task("j1", "Failed"), task("j2", "Failed"), task("j3", "Failed"), task("j4", "Complete")]
    docker.says("service ls", "s1\ns2\n")
    docker.says("service inspect", [*deployed_from(str(ROOT)), job()])
    docker.says(
        "service ps",
        *("".join(earlier + now) for now in ([], [], [task("j5", "Failed")], [task("j6", "Complete")])),
    )

    SwarmProject(settings, cluster_of(settings)).migrate("shop-services:2")

    asked = [call.split()[1] for call in docker.calls if call.startswith(("service ps", "service update"))]
    assert asked == ["ps", "update", "ps", "ps", "ps"]


def test_the_stack_of_another_checkout_is_not_ours(docker: FakeDocker, settings: StackSettings) -> None:
    docker.says("service ls", "s1\n")
    docker.says("service inspect", deployed_from("/srv/other"))
    other = SwarmRuntime(settings)

    assert not other.is_up()
    with pytest.raises(StackError, match="COMPOSE_PROJECT_NAME=shop2 make up"):
        other.down()
    docker.says("service inspect", deployed_from(str(ROOT)))
    assert SwarmRuntime(settings).is_up()


@pytest.fixture
def two_nodes(docker: FakeDocker, settings: StackSettings) -> StackSettings:
    """A replica of products on each; the second one's engine is reached over the network."""
    docker.says("service ls", "s1\n")
    docker.says("service inspect", [products(1, replicas=2), *deployed_from(str(ROOT))])
    docker.says("service ps", replica("p1", "node1") + replica("p2", "node2", 2))
    return settings.model_copy(update={"swarm_nodes": "node2=ssh://me@node2"})


def test_a_frozen_replica_is_found_on_another_node(docker: FakeDocker, two_nodes: StackSettings) -> None:
    docker.says("ps", "shop_products.2.p2\n")

    states = {each.name: each.state for each in SwarmRuntime(two_nodes).status().of("products")}

    assert states == {"products-1": "ready", "products-2": "paused"}


def test_a_node_whose_engine_does_not_answer_hides_nothing_of_the_stack(
    docker: FakeDocker, two_nodes: StackSettings
) -> None:
    docker.fails("--host ssh://me@node2")

    assert SwarmRuntime(two_nodes).is_up()
    assert [each.state for each in SwarmRuntime(two_nodes).status().of("products")] == ["ready", "ready"]


def test_a_manager_that_does_not_answer_is_no_lost_node(docker: FakeDocker, two_nodes: StackSettings) -> None:
    docker.fails("ps")

    with pytest.raises(StackError, match="docker ps"):
        SwarmRuntime(two_nodes).status()


def test_a_node_that_swarm_knows_to_be_lost_is_not_asked(docker: FakeDocker, two_nodes: StackSettings) -> None:
    docker.says(
        "service ps", replica("p1", "node1") + replica("p2", "node2", 2, "Shutdown") + replica("p3", "node1", 2)
    )
    docker.says("node inspect", [node("node1"), node("node2", "down")])
    runtime = SwarmRuntime(two_nodes)

    runtime.status()
    runtime.down()

    assert "stack rm shop" in docker.calls
    assert not [call for call in docker.calls if call.startswith("--host")]


def test_the_url_is_that_of_the_node_where_the_balancer_is(docker: FakeDocker, two_nodes: StackSettings) -> None:
    entry = {"afloat.entry": "true"}
    docker.says("node inspect", [node("node1", **entry), node("node2", address="192.0.2.8", **entry)])
    docker.says("service ps", replica("l1", "node2", service="lb"))
    assert SwarmRuntime(two_nodes).status().url == "http://192.0.2.8:8080"

    docker.says("service ps", "")
    assert SwarmRuntime(two_nodes).status().url == "http://192.0.2.7:8080"


def test_a_swarm_needs_neither_compose_nor_the_docker_commands_own_engine(
    docker: FakeDocker, two_nodes: StackSettings
) -> None:
    elsewhere = two_nodes.model_copy(update={"docker_host": "ssh://me@node1"})
    for words, settings in (("compose", two_nodes), ("version", elsewhere)):
        docker.fails(words)
        assert find_running(settings).name == "swarm"
        assert [each.name for each in available(settings)] == ["local", "swarm"]


def test_a_swarm_that_was_asked_for_and_does_not_answer_is_not_taken_for_nothing(
    docker: FakeDocker, settings: StackSettings
) -> None:
    docker.fails("version")

    assert available(settings.model_copy(update={"runtime": "local"}))
    with pytest.raises(StackError, match="No Docker engine answers"):
        available(settings.model_copy(update={"runtime": "swarm"}))


def test_a_replica_is_given_the_time_that_it_takes_to_drain(docker: FakeDocker, two_nodes: StackSettings) -> None:
    both = replica("p1", "node1") + replica("p2", "node1", 2)
    docker.says("service inspect", [products(1, replicas=2)])
    docker.says("service ps", *[both] * 4, replica("p1", "node1"))  # it is looked for four times, and then gone
    patient = two_nodes.model_copy(update={"drain_s": 20.5, "stop_timeout_s": 30})

    SwarmRuntime(patient).stop("products-2")

    assert f"stop -t {patient.stop_grace_s} shop_products.2.p2" in docker.calls


def test_a_deployment_tells_how_long_a_replica_may_take_to_stop(docker: FakeDocker, settings: StackSettings) -> None:
    patient = settings.model_copy(update={"drain_s": 20.5, "stop_timeout_s": 30})

    Deployment("shop", patient, {}, cluster_of(patient)).deploy("shop-services:1")

    assert f"AFLOAT_STOP_GRACE_S={patient.stop_grace_s}" in docker.environment.splitlines()


def test_an_update_of_its_own_kind_leaves_the_next_one_as_it_was(docker: FakeDocker, settings: StackSettings) -> None:
    hasty = {"Parallelism": 0, "Monitor": 1_000_000_000, "Order": "stop-first"}
    docker.says("service ls", "s1\n")
    docker.says("service inspect", [products(1)], [products(2, UpdateConfig=hasty)])
    docker.says("service ps", replica("p1", "node1"))

    SwarmRuntime(settings).scheduler.replace_after("products", 2)

    told = [call for call in docker.calls if call.startswith("service update")]
    assert told == [
        "service update --detach --restart-delay 2s --update-parallelism 0 --update-monitor 1s shop_products",
        "service update --detach --update-order stop-first --update-parallelism 1 --update-monitor 5s shop_products",
    ]


def test_a_deployment_under_another_rule_leaves_the_next_one_as_it_was(
    docker: FakeDocker, settings: StackSettings
) -> None:
    other = {"Parallelism": 1, "Monitor": 5_000_000_000, "Order": "start-first"}
    docker.says("service ls", "s1\n")
    before = [products(1)]
    docker.says("service inspect", before, before, [products(2, UpdateConfig=other, RollbackConfig=other)])
    docker.says("service ps", replica("p1", "node1"))

    SwarmRuntime(settings).scheduler.deploy("products", 100)

    assert docker.calls[-1] == (
        "service update --detach --update-order stop-first --update-parallelism 1 --update-monitor 5s "
        "--rollback-order stop-first --rollback-parallelism 1 --rollback-monitor 5s shop_products"
    )


def test_an_update_that_changed_nothing_of_how_to_update_is_told_once(
    docker: FakeDocker, settings: StackSettings
) -> None:
    docker.says("service ls", "s1\n")
    docker.says("service inspect", [products(1)], [products(1)], [products(2)])
    docker.says("service ps", replica("p1", "node1"))

    SwarmRuntime(settings).scheduler.deploy("products", 66)

    assert len([call for call in docker.calls if call.startswith("service update")]) == 1
