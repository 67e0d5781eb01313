"""The real stack as plain processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from stack import faults
from stack.errors import NothingRuns, NotPossibleHere, StackError
from stack.local.ports import free_port
from stack.local.runtime import LocalRuntime
from stack.model import Replica
from stack.settings import ROOT, StackSettings
from stack.waiting import until
from tests.stack.conftest import QUIET
from tests.stack.visitors import Visitor, fetch

_DEADLINE_S = 60.0
pytestmark = pytest.mark.timeout(600)


def replica(runtime: LocalRuntime, name: str) -> Replica:
    return next(each for each in runtime.status().replicas if each.name == name)


def pids(runtime: LocalRuntime) -> dict[str, int | None]:
    return {each.name: each.pid for each in runtime.status().replicas}


def wait_until_all_ready(runtime: LocalRuntime) -> None:
    until(lambda: runtime.status().ready, _DEADLINE_S, lambda: f"not ready: {runtime.status().replicas}")


def search(runtime: LocalRuntime) -> str:
    return f"{runtime.status().url}/products/search?q=lamp"


def processes_of(runtime: LocalRuntime) -> list[psutil.Process]:
    """Everything that runs for a stack, PostgreSQL's and nginx's children included."""
    leaders = [psutil.Process(pid) for pid in pids(runtime).values() if pid]
    supervisors = {leader.parent() for leader in leaders}
    children = [child for leader in leaders for child in leader.children(recursive=True)]
    return [*leaders, *children, *(each for each in supervisors if each)]


def test_up_gives_a_stack_that_finds_products(local_runtime: LocalRuntime) -> None:
    status = local_runtime.status()

    answered, body = fetch(search(local_runtime))

    assert answered == 200
    assert json.loads(body)["products"]
    assert status.ready
    assert [each.name for each in status.of("products")] == ["products-1", "products-2", "products-3"]


def test_up_again_changes_nothing(local_runtime: LocalRuntime) -> None:
    before = pids(local_runtime)

    local_runtime.up()

    assert pids(local_runtime) == before


def test_two_ups_at_once_take_turns(local_runtime: LocalRuntime, local_settings: StackSettings) -> None:
    local_runtime.stop("products-1")
    others = [LocalRuntime(local_settings, environment=QUIET) for _ in range(2)]
    threads = [threading.Thread(target=other.up) for other in others]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert local_runtime.status().ready


def test_a_killed_replica_is_started_again(local_runtime: LocalRuntime) -> None:
    before = replica(local_runtime, "products-2")

    local_runtime.kill("products-2")
    until(lambda: replica(local_runtime, "products-2").pid not in (None, before.pid), _DEADLINE_S, lambda: "it is not")
    wait_until_all_ready(local_runtime)

    assert replica(local_runtime, "products-2").restarts == before.restarts + 1


def test_a_killed_load_balancer_is_started_again(local_runtime: LocalRuntime) -> None:
    before = replica(local_runtime, "lb-1")
    assert before.pid

    os.kill(before.pid, signal.SIGKILL)  # the master alone, which leaves its workers on the port
    until(lambda: replica(local_runtime, "lb-1").pid not in (None, before.pid), _DEADLINE_S, lambda: "it is not")
    wait_until_all_ready(local_runtime)

    assert fetch(search(local_runtime))[0] == 200


def test_a_killed_database_comes_back_and_nothing_else_restarts(local_runtime: LocalRuntime) -> None:
    before, restarts = pids(local_runtime), replica(local_runtime, "postgres-1").restarts

    local_runtime.kill("postgres")
    until(lambda: replica(local_runtime, "postgres-1").restarts > restarts, _DEADLINE_S, lambda: "it does not")
    wait_until_all_ready(local_runtime)

    after = pids(local_runtime)
    assert {name for name in after if after[name] != before[name]} == {"postgres-1"}


def test_a_paused_replica_says_so_and_resumes(local_runtime: LocalRuntime) -> None:
    local_runtime.pause("products-1")
    paused = replica(local_runtime, "products-1")
    local_runtime.resume("products-1")
    wait_until_all_ready(local_runtime)

    assert paused.state == "paused"
    assert replica(local_runtime, "products-1").pid == paused.pid


def test_up_thaws_what_is_paused(local_runtime: LocalRuntime) -> None:
    local_runtime.pause("postgres")

    local_runtime.up()

    assert local_runtime.status().ready


def test_a_stopped_replica_stays_down_until_it_is_started(local_runtime: LocalRuntime) -> None:
    local_runtime.stop("gateway")
    stopped = replica(local_runtime, "gateway-1")
    local_runtime.start("gateway")

    assert stopped.state == "stopped"
    assert stopped.pid is None
    assert replica(local_runtime, "gateway-1").state == "ready"


def test_what_does_not_run_is_neither_killed_nor_asked(local_runtime: LocalRuntime) -> None:
    local_runtime.stop("products-3")

    for touch in (local_runtime.kill, lambda name: local_runtime.ask(name, "GET", "/livez")):
        with pytest.raises(StackError, match="make start TARGET=products-3"):
            touch("products-3")


def test_scaling_costs_no_request(local_runtime: LocalRuntime) -> None:
    with Visitor(search(local_runtime)) as visitor:
        local_runtime.scale("products", 5)
        five = local_runtime.status()
        local_runtime.scale("products", 2)
        two = local_runtime.status()

    assert [each.state for each in five.of("products")] == ["ready"] * 5
    assert [each.name for each in two.of("products")] == ["products-1", "products-2"]
    assert two.ready
    assert visitor.statuses
    assert visitor.failed == []


def test_rolling_replaces_every_replica_and_costs_no_request(local_runtime: LocalRuntime) -> None:
    before = {each.pid for each in local_runtime.status().of("products")}
    # It must start these before it stops the only one that runs.
    local_runtime.stop("products-2")
    local_runtime.stop("products-3")

    with Visitor(search(local_runtime)) as visitor:
        local_runtime.roll()

    assert before.isdisjoint(each.pid for each in local_runtime.status().of("products"))
    assert local_runtime.status().ready
    assert visitor.statuses
    assert visitor.failed == []


def test_a_service_that_is_not_balanced_cannot_be_scaled(local_runtime: LocalRuntime) -> None:
    with pytest.raises(NotPossibleHere, match="orders stays at one replica"):
        local_runtime.scale("orders", 2)


def test_the_only_gateway_cannot_be_rolled(local_runtime: LocalRuntime) -> None:
    with pytest.raises(NotPossibleHere, match="make scale SERVICE=gateway N=2"):
        local_runtime.roll("gateway")


def test_settings_of_the_user_reach_the_services_one_by_one_and_cost_no_request(
    local_runtime: LocalRuntime, local_settings: StackSettings
) -> None:
    settings = {"AFLOAT_LOG_LEVEL": "error", "AFLOAT_FAULTS_ENABLED": "false"}

    with Visitor(search(local_runtime)) as visitor:
        LocalRuntime(local_settings, environment=settings).up()

    told = {
        each.service: psutil.Process(each.pid).environ().get("AFLOAT_LOG_LEVEL")
        for each in local_runtime.status().replicas
        if each.service not in ("postgres", "lb")
    }
    assert told == dict.fromkeys(("products", "customers", "orders", "gateway", "dashboard"), "error")
    assert local_runtime.status().ready
    assert visitor.statuses
    assert visitor.failed == []
    with pytest.raises(NotPossibleHere, match="AFLOAT_FAULTS_ENABLED is false"):
        faults.inject(local_runtime, "customers", {"kind": "crash", "for_s": 1})


@pytest.mark.parametrize("refused", [{"AFLOAT_LB_TRIES": "0"}, {"AFLOAT_DATABASE_POOL_SIZE": "0"}])
def test_a_refused_setting_leaves_the_stack_as_it_was(
    local_runtime: LocalRuntime, local_settings: StackSettings, refused: dict[str, str]
) -> None:
    with Visitor(search(local_runtime)) as visitor:
        with pytest.raises(StackError, match=next(iter(refused))):
            LocalRuntime(local_settings, environment=refused).up()
        wait_until_all_ready(local_runtime)
        local_runtime.scale("products", 3)

    assert visitor.statuses
    assert visitor.failed == []


def test_a_larger_catalogue_is_made_while_the_stack_runs(
    local_runtime: LocalRuntime, local_settings: StackSettings
) -> None:
    more = local_settings.products_count + 100

    LocalRuntime(local_settings.model_copy(update={"products_count": more}), environment=QUIET).up()

    assert fetch(f"{local_runtime.status().url}/products/{more}")[0] == 200


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        runtime = LocalRuntime(StackSettings(port=port, state_dir=tmp_path), environment={})

        with pytest.raises(StackError, match=f"Port {port} on 127.0.0.1 is taken"):
            runtime.up()

    assert not runtime.is_up()


def test_a_setting_that_a_service_refuses_is_quoted(local_runtime: LocalRuntime, local_settings: StackSettings) -> None:
    told_wrong = LocalRuntime(local_settings, environment={"AFLOAT_LOG_LEVEL": "loud"})

    with pytest.raises(StackError, match="AFLOAT_LOG_LEVEL is 'loud'"):
        told_wrong.up()


def test_up_repairs_a_stack_whose_supervisor_was_killed(local_runtime: LocalRuntime) -> None:
    parent = processes_of(local_runtime)[-1]
    assert "supervisor.supervisord" in parent.cmdline()

    parent.kill()
    with pytest.raises(StackError, match="supervisord was killed"):
        local_runtime.status()
    local_runtime.up()

    assert local_runtime.status().ready


def test_up_goes_on_where_an_interrupted_one_stopped(
    local_runtime: LocalRuntime, local_settings: StackSettings
) -> None:
    local_runtime.down()
    environment = {
        **os.environ,
        "AFLOAT_LOG_LEVEL": "warning",  # another setting than the next `up` has
        "RUNTIME": "local",
        "AFLOAT_PORT": str(local_settings.port),
        "AFLOAT_STATE_DIR": str(local_settings.state_dir),
        "AFLOAT_PRODUCTS_COUNT": str(local_settings.products_count),
    }
    command = [sys.executable, "-m", "stack", "up"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as interrupted:
        assert interrupted.stderr is not None
        assert any("Starting PostgreSQL" in line for line in interrupted.stderr)
        interrupted.send_signal(signal.SIGINT)
        _, said = interrupted.communicate(timeout=_DEADLINE_S)

    local_runtime.up()

    assert interrupted.returncode == 130
    assert said.splitlines()[-1] == "Interrupted. `make up` goes on from here, `make down` ends everything."
    assert local_runtime.status().ready


def test_down_leaves_no_process_and_keeps_the_data(local_runtime: LocalRuntime, local_settings: StackSettings) -> None:
    processes = processes_of(local_runtime)
    local_runtime.pause("products-1")
    local_runtime.kill("orders")

    local_runtime.down()

    _, alive = psutil.wait_procs(processes, timeout=_DEADLINE_S)
    assert alive == []
    assert not local_runtime.is_up()
    assert (local_settings.state_dir / "local" / "postgres" / "PG_VERSION").exists()
    with pytest.raises(NothingRuns):
        local_runtime.status()


def test_secrets_are_readable_by_their_owner_alone(local_runtime: LocalRuntime, local_settings: StackSettings) -> None:
    folder = local_settings.state_dir
    secrets = [folder / "control_token", *(folder / "local").glob("*.json"), folder / "local" / "supervisord.conf"]

    assert local_runtime.status().control_token == secrets[0].read_text()
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_ports_stay_below_those_of_outgoing_connections() -> None:
    assert 20_000 <= free_port(()) < 30_000
