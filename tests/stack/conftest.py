"""A running stack for each runtime: on a port, in a folder and under a project name of its own, shared by a session.

`stack_runtime` is parametrised over both runtimes. A test gets it whole: every replica ready, three of products.
"""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from lab.failover import ROUTES, capacity_of
from stack.docker.command import check_engine, docker
from stack.docker.runtime import DockerRuntime
from stack.errors import NothingRuns, StackError
from stack.local.ports import free_port
from stack.local.runtime import LocalRuntime
from stack.runtime import Runtime
from stack.settings import StackSettings

PRODUCTS = 2000


def settings_in(folder: Path) -> StackSettings:
    """A small stack that meets no other."""
    port = free_port(())
    return StackSettings(
        port=port, state_dir=folder, products_count=PRODUCTS, compose_project_name=f"afloat-test-{port}"
    )


# The dashboard's own visitors stay away: a test counts those that it sends itself.
QUIET = {"AFLOAT_VISITORS_RATE": "0"}


@pytest.fixture(scope="session")
def state_folder() -> Iterator[Path]:
    """A folder with a name that a shell, a configuration file and a printf would all misread.

    Not pytest's: that one may be closed to other users, and PostgreSQL must not run as root.
    """
    folder = Path(tempfile.mkdtemp(prefix="afloat 100% test "))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def local_settings(state_folder: Path) -> StackSettings:
    return settings_in(state_folder / "processes")


@pytest.fixture(scope="session")
def running_local(local_settings: StackSettings) -> Iterator[LocalRuntime]:
    runtime = LocalRuntime(local_settings, environment=QUIET)
    try:
        runtime.up()
        yield runtime
    finally:
        runtime.down(volumes=True)


@pytest.fixture(scope="session")
def running_docker(state_folder: Path) -> Iterator[DockerRuntime]:
    require_docker()
    settings = settings_in(state_folder / "containers")
    runtime = DockerRuntime(settings, environment=QUIET)
    try:
        runtime.up()
        yield runtime
    finally:
        runtime.down(volumes=True)
        docker("image", "rm", "--force", f"{settings.compose_project_name}-services:local")


@pytest.fixture
def local_runtime(running_local: LocalRuntime) -> LocalRuntime:
    running_local.up()
    return running_local


@pytest.fixture
def docker_runtime(running_docker: DockerRuntime) -> DockerRuntime:
    if not is_whole(running_docker):  # an `up` that has nothing to do takes seconds
        running_docker.up()
    return running_docker


@pytest.fixture(params=["local", "docker"])
def stack_runtime(request: pytest.FixtureRequest) -> Runtime:
    runtime: Runtime = request.getfixturevalue(f"{request.param}_runtime")
    return runtime


@pytest.fixture
def main_runtime(request: pytest.FixtureRequest) -> Runtime:
    """Containers where an engine answers, else plain processes: for what takes long and is alike on both."""
    try:
        check_engine()
    except StackError:
        runtime: Runtime = request.getfixturevalue("local_runtime")
    else:
        runtime = request.getfixturevalue("docker_runtime")
    return runtime


RateOf = Callable[[Runtime], Awaitable[float]]


@pytest.fixture(scope="session")
def measured() -> dict[str, float]:
    """The rate of each stack that was measured, by the name of its runtime."""
    return {}


@pytest.fixture
def rate_of(measured: dict[str, float], capsys: pytest.CaptureFixture[str]) -> RateOf:
    """Gives the requests a second that a test may send to a stack. Each stack is measured once."""

    async def rate(runtime: Runtime) -> float:
        if runtime.name not in measured:
            capacities = [await capacity_of(runtime, route) for route in ROUTES]
            measured[runtime.name] = min(each.rate for each in capacities)
            with capsys.disabled():
                print(f"\n{runtime.name}:", *(each.sentence() for each in capacities))
        assert measured[runtime.name] > 0
        return measured[runtime.name]

    return rate


def is_whole(runtime: DockerRuntime) -> bool:
    """Whether it is as `up` makes it, settings and all."""
    try:
        status = runtime.status()
    except NothingRuns:
        return False
    handed_on = json.loads((runtime.settings.state_dir / "docker" / "settings.json").read_text())["services"]
    count = Counter(replica.service for replica in status.replicas)
    return (
        status.ready
        and count == runtime.settings.replicas
        and handed_on["gateway"]["environment"] == {"AFLOAT_FAULTS_ENABLED": "true", **QUIET}
    )


def require_docker() -> None:
    """Skip where no engine answers; fail where there has to be one (AFLOAT_REQUIRE_DOCKER=1)."""
    try:
        check_engine()
    except StackError as error:
        if os.environ.get("AFLOAT_REQUIRE_DOCKER") == "1":
            pytest.fail(f"AFLOAT_REQUIRE_DOCKER=1, but: {error}")
        pytest.skip(str(error))
