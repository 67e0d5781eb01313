"""The real stack on a swarm of three nodes, made for these tests and shared by them: `make test-swarm`."""

import json
import os
import re
from collections.abc import Generator, Iterator

import pytest

from stack.docker.command import docker
from stack.errors import StackError
from stack.local.ports import free_port
from stack.settings import ROOT, StackSettings
from stack.swarm.deployment import STACK_FILE
from stack.swarm.runtime import SwarmRuntime
from tests.swarm.machines import NAMES, Machines, machines, why_impossible

# The dashboard's own visitors stay away: a test counts those that it sends itself.
QUIET = {"AFLOAT_VISITORS_RATE": "0"}
_PRODUCTS = 2000
_COMPLAINTS, _WIDTH = 20, 400


@pytest.fixture(scope="session")
def three_machines() -> Iterator[Machines]:
    why = why_impossible()
    if why and os.environ.get("AFLOAT_REQUIRE_DOCKER") == "1":
        pytest.fail(f"AFLOAT_REQUIRE_DOCKER=1, but {why}")
    if why:
        pytest.skip(why)
    with machines() as made:
        yield made


@pytest.fixture(scope="session")
def image(three_machines: Machines) -> Iterator[str]:
    """The services' image, built by this machine's own engine and given to every node."""
    name = f"afloat-test-{three_machines.bridge}-services:local"
    docker("build", "--quiet", "--tag", name, str(ROOT))
    given = re.findall(r"image: \$\{\w+_IMAGE:-(\S+)\}", STACK_FILE.read_text())
    try:
        for each in given:
            _have(each)
        three_machines.load({node: [name, *(given if node == NAMES[0] else [])] for node in NAMES})
        yield name
    finally:
        docker("image", "rm", "--force", name)


@pytest.fixture(scope="session")
def settings(three_machines: Machines, image: str, tmp_path_factory: pytest.TempPathFactory) -> StackSettings:
    return StackSettings(
        runtime="swarm",
        compose_project_name="afloat-test",
        port=free_port(()),
        state_dir=tmp_path_factory.mktemp("state"),
        products_count=_PRODUCTS,
        docker_host=three_machines.manager,
        swarm_nodes=" ".join(f"{name}={three_machines.hosts[name]}" for name in NAMES[1:]),
        swarm_image=image,
    )


@pytest.fixture(scope="session")
def running(settings: StackSettings) -> Iterator[SwarmRuntime]:
    """Up: three replicas of products, on three nodes."""
    runtime = SwarmRuntime(settings, environment=QUIET)
    try:
        runtime.up()
        yield runtime
    finally:
        if runtime.is_up():
            runtime.down(volumes=True)


@pytest.fixture
def runtime(running: SwarmRuntime) -> SwarmRuntime:
    """Whole, whatever a red test left."""
    now = running.status() if running.is_up() else None
    if now is None or not now.ready or len(now.of("products")) != running.settings.products_replicas:
        running.up()
    return running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A red test says what the stack itself has to say: its replicas' warnings, and what nginx could not answer.

    At once: by the end, a test that gets a second go has changed what they say.
    """
    report = yield
    runtime = item.funcargs.get("running")
    if report.failed and isinstance(runtime, SwarmRuntime):
        terminal = item.config.get_terminal_writer()
        terminal.sep("-", f"What the stack said when {item.name} failed")
        terminal.write("\n".join(_complaints(runtime)) + "\n")
    return report


def _complaints(runtime: SwarmRuntime) -> list[str]:
    host, stack = runtime.settings.docker_host, str(runtime.settings.compose_project_name)
    names = docker("stack", "services", "--format", "{{.Name}}", stack, host=host)
    lines = []
    for name in names.split():
        # By task: which of them said it is a part of what is to be known.
        logged = docker("service", "logs", "--timestamps", name, host=host).splitlines()
        lines += [line[:_WIDTH] for line in logged if _is_complaint(line.partition("| ")[2])][-_COMPLAINTS:]
    return sorted(lines, key=lambda line: line.split()[0])


def _is_complaint(line: str) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return "FATAL" in line or "ERROR" in line
    return entry.get("level") in ("warning", "error", "critical") or int(entry.get("status") or 0) >= 500


def _have(name: str) -> None:
    try:
        docker("image", "inspect", name)
    except StackError:
        docker("pull", name)
