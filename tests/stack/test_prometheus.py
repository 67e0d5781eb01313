"""Prometheus beside a running stack: it finds the replicas by itself, and its rules say what happens to them."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from stack.docker.command import docker
from stack.docker.project import Project
from stack.docker.runtime import DockerRuntime
from stack.local.ports import free_port
from stack.waiting import until
from tests.stack.visitors import fetch

_DEADLINE_S = 60.0
pytestmark = pytest.mark.timeout(900)


class Prometheus:
    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/api/v1"

    def ask(self, expression: str) -> dict[str, float]:
        """What it has for an expression, by service; nothing while it is not there yet."""
        status, body = fetch(f"{self._url}/query?{urlencode({'query': expression})}")
        if status != 200:
            return {}
        found = json.loads(body)["data"]["result"]
        return {each["metric"].get("service", ""): float(each["value"][1]) for each in found}

    def alerts(self) -> set[tuple[str, str]]:
        """The alerts that are pending or firing, each with the service that it is about."""
        status, body = fetch(f"{self._url}/alerts")
        found = json.loads(body)["data"]["alerts"] if status == 200 else []
        return {(each["labels"]["alertname"], each["labels"].get("service", "")) for each in found}


@pytest.fixture
def prometheus(docker_runtime: DockerRuntime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prometheus]:
    port = free_port(())
    monkeypatch.setenv("AFLOAT_PROMETHEUS_PORT", str(port))
    project = Project(docker_runtime.settings, docker_runtime.settings.state_dir / "docker")
    try:
        project.compose("--profile", "observability", "up", "--detach", "prometheus")
        yield Prometheus(port)
    finally:
        project.compose("--profile", "observability", "rm", "--stop", "--force", "prometheus")
        docker("volume", "rm", "--force", f"{project.name}_prometheus")


def test_it_finds_the_replicas_counts_their_answers_and_misses_one_that_is_killed(
    docker_runtime: DockerRuntime, prometheus: Prometheus
) -> None:
    up, success = "service:replicas_up:count", "service:http_success:ratio_rate5m"
    whole = {"products": 3.0, "customers": 1.0, "orders": 1.0, "gateway": 1.0, "dashboard": 1.0}
    status = docker_runtime.status()
    # It is no part of the stack that it watches.
    assert {replica.service for replica in status.replicas} == {*whole, "postgres", "lb"}

    def has_all() -> bool:
        assert fetch(f"{status.url}/api/customers/7")[0] == 200
        asked = prometheus.ask(success)
        # Until it has found the services it takes them for missing.
        return prometheus.ask(up) == whole and {"gateway", "customers"} <= asked.keys() and not prometheus.alerts()

    until(has_all, _DEADLINE_S, lambda: f"{prometheus.ask(up)}, {prometheus.ask(success)}, {prometheus.alerts()}")
    assert prometheus.ask(success)["gateway"] == prometheus.ask(success)["customers"] == 1
    # Nor does an `up` take it for something left over.
    docker_runtime.up()
    assert prometheus.ask(up) == whole

    docker_runtime.kill("products-2")

    until(
        lambda: ("ReplicaMissing", "products") in prometheus.alerts(),
        _DEADLINE_S,
        lambda: f"{prometheus.ask(up)}, {prometheus.alerts()}",
    )
    assert prometheus.ask(up)["products"] == 2
