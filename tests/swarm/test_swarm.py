"""What Swarm does with the stack, under load: the number of failed requests is the test. In the order of this file."""

import json
from time import monotonic

import pytest

from lab.hands import patiently
from stack import faults
from stack.docker.command import docker
from stack.errors import NotPossibleHere, StackError
from stack.settings import StackSettings
from stack.swarm.runtime import SwarmRuntime
from tests.stack.visitors import fetch
from tests.swarm.conftest import QUIET
from tests.swarm.crowd import crowd
from tests.swarm.machines import NAMES, Machines

pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("punctual")]


def products(runtime: SwarmRuntime) -> list[str]:
    return [replica.name for replica in runtime.status().of("products")]


def images(settings: StackSettings, runtime: SwarmRuntime) -> set[str]:
    """What the running replicas of products are made of."""
    hosts = {NAMES[0]: settings.docker_host, **settings.node_engines}
    return {
        docker("inspect", "--format", "{{.Config.Image}}", str(each.container), host=hosts[str(each.node)]).strip()
        for each in runtime.status().of("products")
    }


def test_a_stack_is_whole_and_spread_over_the_nodes(runtime: SwarmRuntime) -> None:
    status = runtime.status()
    code, body = fetch(f"{status.url}/products/search?q=lamp")

    assert status.ready
    assert {replica.node for replica in status.of("products")} == set(NAMES)
    assert (code, bool(json.loads(body)["products"])) == (200, True)


def test_no_password_is_in_a_services_description(runtime: SwarmRuntime, settings: StackSettings) -> None:
    passwords = json.loads((settings.state_dir / "swarm" / "passwords.json").read_text())
    names = docker("service", "ls", "--quiet", host=settings.docker_host).split()
    described = docker("service", "inspect", *names, host=settings.docker_host)

    for secret in (*passwords.values(), runtime.status().control_token):
        assert secret not in described
    assert list((settings.state_dir / "swarm" / "secrets").iterdir()) == []


@pytest.mark.flaky(reruns=1)
async def test_a_killed_task_is_replaced_and_serves_again(
    runtime: SwarmRuntime, capsys: pytest.CaptureFixture[str]
) -> None:
    def restarts() -> int:
        return next(each.restarts for each in runtime.status().replicas if each.name == "products-2")

    # None but in a second go: Swarm remembers the task that died in the first.
    before = restarts()
    async with crowd(runtime) as visitors:
        killed_s = monotonic()
        await patiently(runtime.kill, "products-2")
        back_s = await visitors.wait_served_by("products-2")

    with capsys.disabled():
        print(f"\nserved again {back_s - killed_s:.1f} s after it was killed (goal 10 s)")
    assert visitors.answered.failures == {}
    assert restarts() == before + 1


@pytest.mark.parametrize("minimum_healthy", [66, 100])
@pytest.mark.flaky(reruns=1)
async def test_a_rolling_update_fails_no_request(runtime: SwarmRuntime, minimum_healthy: int) -> None:
    before = {replica.container for replica in runtime.status().of("products")}
    async with crowd(runtime) as visitors:
        await patiently(runtime.scheduler.deploy, "products", minimum_healthy)
        await visitors.wait_served_by(*await patiently(products, runtime))

    assert visitors.answered.failures == {}
    assert {replica.container for replica in runtime.status().of("products")}.isdisjoint(before)


@pytest.mark.flaky(reruns=1)
async def test_a_broken_image_is_rolled_back_and_fails_no_request(
    runtime: SwarmRuntime, settings: StackSettings, three_machines: Machines, image: str
) -> None:
    for host in three_machines.hosts.values():
        three_machines.derive(host, image, "afloat-test:broken", "ENV AFLOAT_LISTEN_PORT=none")
    broken = SwarmRuntime(settings.model_copy(update={"swarm_image": "afloat-test:broken"}), environment=QUIET)

    async with crowd(runtime) as visitors:
        with pytest.raises(StackError, match="Swarm went back to the one before"):
            await patiently(broken.up)
        await visitors.wait_served_by(*await patiently(products, runtime))

    assert visitors.answered.failures == {}
    assert images(settings, runtime) == {image}
    assert runtime.status().ready


def test_a_fault_reaches_a_replica_on_another_node(runtime: SwarmRuntime) -> None:
    away = next(each.name for each in runtime.status().of("products") if each.node != NAMES[0])
    faults.inject(runtime, away, {"kind": "latency", "delay_ms": 1, "for_s": 60})
    on = faults.active(runtime).faults
    faults.clear(runtime)

    assert [name for name, each in on.items() if each] == [away]


def test_the_only_replica_of_a_service_stays_down_until_it_is_started(runtime: SwarmRuntime) -> None:
    runtime.stop("customers")
    stopped = runtime.status().of("customers")
    runtime.start("customers")
    started = runtime.status().of("customers")

    assert [each.state for each in stopped] == ["stopped"]
    assert [each.state for each in started] == ["ready"]


def test_a_frozen_replica_says_so_and_goes_on(runtime: SwarmRuntime) -> None:
    runtime.pause("products-1")
    frozen = runtime.status().of("products")[0]
    runtime.resume("products-1")

    assert frozen.state == "paused"
    assert runtime.status().of("products")[0].state == "ready"


def test_a_cut_is_refused_with_what_to_do_instead(runtime: SwarmRuntime) -> None:
    with pytest.raises(NotPossibleHere, match="cut a whole node off"):
        runtime.cut("products-1")


@pytest.mark.flaky(reruns=1)
async def test_a_node_that_is_cut_off_costs_no_more_than_what_it_had_in_flight_and_rejoins(
    runtime: SwarmRuntime,
    settings: StackSettings,
    three_machines: Machines,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost = next(each for each in runtime.status().of("products") if each.node != NAMES[0])
    node = str(lost.node)
    address = three_machines.address_of(node, str(lost.container), "afloat-test_front")

    async with crowd(runtime) as visitors:
        cut_at = three_machines.cut(node)
        try:
            await patiently(three_machines.wait_for_nodes, NAMES, down={node})
            await patiently(runtime.scheduler.wait_ready)
            away = {each.node for each in (await patiently(runtime.status)).replicas}
            await visitors.wait_served_by(*await patiently(products, runtime))
        finally:
            three_machines.join(node)
        await patiently(three_machines.wait_for_nodes, NAMES, down=set())

    lb = runtime.status().of("lb")[0]
    spans = three_machines.requests_of(NAMES[0], str(lb.container), address)
    in_flight = sum(began <= cut_at <= ended for began, ended in spans)
    with capsys.disabled():
        print(f"\n{visitors.answered.failed} of {visitors.answered.sent} failed, {in_flight} were in flight on {node}")
    assert visitors.answered.failed <= in_flight
    assert any(began < cut_at for began, _ in spans)
    assert node not in away


@pytest.mark.flaky(reruns=1)
async def test_six_replicas_and_three_again_fail_no_request(runtime: SwarmRuntime) -> None:
    """And those that are added go where there are fewest: to the node that came back, too."""
    async with crowd(runtime) as visitors:
        await patiently(runtime.scale, "products", 6)
        six = (await patiently(runtime.status)).of("products")
        await visitors.wait_served_by(*(each.name for each in six))
        await patiently(runtime.scale, "products", 3)
        await visitors.wait_served_by(*await patiently(products, runtime))

    assert visitors.answered.failures == {}
    assert {each.node for each in six} == set(NAMES)
    assert len(products(runtime)) == 3


def test_down_leaves_nothing(runtime: SwarmRuntime, settings: StackSettings, three_machines: Machines) -> None:
    runtime.down(volumes=True)

    for host in three_machines.hosts.values():
        assert docker("ps", "--all", "--quiet", host=host) == ""
    assert docker("volume", "ls", "--quiet", host=settings.docker_host) == ""
    for kind in ("service", "secret", "config"):
        assert docker(kind, "ls", "--quiet", host=settings.docker_host) == ""
    assert not runtime.is_up()
