"""The lab on a real stack: what holds on a whole one deviates on one whose load balancer does not try again."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.experiment import Experiment
from lab.findings import Found, Verdict
from lab.hands import patiently
from lab.journal import Journal
from lab.suite import Options, Suite
from stack.local.folder import LocalFolder
from stack.local.runtime import LocalRuntime
from stack.local.topology import Topology
from stack.settings import StackSettings
from stack.waiting import until
from tests.lab.audience import Silent
from tests.lab.experiments import small

pytestmark = pytest.mark.timeout(300)

_DEADLINE_S = 60.0
# Long enough for the load balancer to try the dead again, which it does every two seconds.
KILLED = small(
    [{"kind": "kill", "target": ["products-1", "products-2"], "for": 3}],
    "failed == 0",
    "replicas.products.least_ready <= 1",
    load={"rate": 60, "mix": {"search": 1, "gateway_search": 1}},
)


@pytest.fixture
def without_retries(local_settings: StackSettings, local_runtime: LocalRuntime) -> Iterator[LocalRuntime]:
    """The session's stack, with a load balancer that tries nothing twice."""
    folder = LocalFolder(local_settings.state_dir / "local")
    topology = folder.topology()
    assert topology is not None

    def reconfigure(topology: Topology) -> None:
        (lb,) = local_runtime.status().of("lb")
        assert lb.pid is not None
        assert folder.balancer.configure(topology)
        folder.balancer.reload(lb.pid)

    reconfigure(replace(topology, environment={**topology.environment, "AFLOAT_LB_NEXT_UPSTREAM": "off"}))
    yield local_runtime
    reconfigure(topology)


async def run(runtime: LocalRuntime, experiment: Experiment, folder: Path) -> Found:
    suite = Suite(runtime, Journal(folder / "undo.json"), Silent(), Options(folder, max_lag_ms=math.inf))
    (found,) = await suite.run({"killed": (Path("killed.toml"), experiment)})
    assert not (folder / "undo.json").exists()
    await patiently(until, lambda: runtime.status().ready, _DEADLINE_S, lambda: "it is not whole again")
    return found


async def test_two_of_three_killed_cost_nothing(local_runtime: LocalRuntime, tmp_path: Path) -> None:
    found = await run(local_runtime, KILLED, tmp_path)
    assert found.verdict is Verdict.HELD, found.sentence
    measures = found.sides[0].runs[0].measures
    assert (measures["time_to_full_capacity_s"] or 0) >= 3
    assert (tmp_path / "killed.json").exists()


async def test_a_stack_whose_load_balancer_tries_nothing_twice_deviates(
    without_retries: LocalRuntime, tmp_path: Path
) -> None:
    only_searches = KILLED.model_copy(update={"load": KILLED.load.model_copy(update={"mix": {"search": 1.0}})})
    found = await run(without_retries, only_searches, tmp_path)
    assert found.verdict is Verdict.DEVIATED, found.sentence
    assert "failed == 0" in found.sentence
