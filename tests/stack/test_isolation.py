"""The patterns on a running stack, off and on: what is counted here is what `make lab` also shows the times of."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from lab.findings import Run, Verdict
from lab.journal import Journal
from lab.reading import find, read
from lab.suite import Options, Suite
from stack.runtime import Runtime
from tests.lab.audience import Silent
from tests.stack.conftest import RateOf

pytestmark = pytest.mark.timeout(600)

# At most so many times shorter than when people watch it, at so many times the rate.
SHORTER = 2
# Half of the 5 s that a visitor waits otherwise: while it is shorter, the queue before a full pool grows less long.
PATIENCE_S = 2.5
# A run that found the stack unwell before it broke anything shows nothing of the patterns, which is what invalid means.
# A machine that stands still for a second is enough for that; three times in a row it is the stack.
GOES = 3

Measures = Mapping[str, float | None]


def counted(measures: Measures, name: str) -> float:
    value = measures.get(name)
    assert value is not None, f"{name} was not measured"
    return value


async def run(
    runtime: Runtime, rate: float, folder: Path, name: str, off: str, mix: Mapping[str, float] | None = None
) -> tuple[Measures, Measures]:
    """The measures of an experiment's side without the patterns, and of its side with them, at most at this rate."""
    path = find(name)
    written = read(path)
    sides = tuple(side for side in written.sides if side.name in (off, "patterns on"))
    rate = min(written.load.rate * SHORTER, rate)
    load = written.load.model_copy(update={"rate": rate, "timeout_s": PATIENCE_S, "mix": mix or written.load.mix})
    shorter = max(1.0, rate / written.load.rate)
    experiment = written.model_copy(update={"time_scale": shorter, "sides": sides, "load": load})
    suite = Suite(runtime, Journal(folder / "undo.json"), Silent(), Options(folder))
    unsteady: list[str] = []
    for _ in range(GOES):
        (found,) = await suite.run({name: (path, experiment)})
        assert found.verdict is not Verdict.ABORTED, found.sentence
        runs = {side.name: side.runs[0] for side in found.sides}
        if all(broken(run) for run in runs.values()):
            return runs[off].measures, runs["patterns on"].measures
        assert all(broken(run) or unsteady_before(run) for run in runs.values()), found.sentence
        unsteady.append(found.sentence)
    raise AssertionError("\n".join(unsteady))


def broken(run: Run) -> bool:
    """Whether the stack was well, so that the fault was let loose on it."""
    return "during" in [phase.name for phase in run.phases]


def unsteady_before(run: Run) -> bool:
    """Whether it is invalid for that, and not because the lab could do nothing with the stack."""
    return run.verdict is Verdict.INVALID and run.reasons[0].startswith("not steady before")


async def test_one_slow_service_takes_the_others_along_and_with_the_patterns_does_not(
    local_runtime: Runtime, rate_of: RateOf, tmp_path: Path
) -> None:
    # Of 50 requests a second, 40 that take 3 s each want 120 slots of the shared pool, which has 100.
    mix = {"gateway_search": 8.0, "customer": 1.0, "orders_of_customer": 1.0}
    off, on = await run(local_runtime, await rate_of(local_runtime), tmp_path, "slow_products", "patterns off", mix)
    for service in ("customers", "orders"):
        assert counted(off, f"during.{service}.answered_share") < 0.9
        assert counted(on, f"during.{service}.answered_share") >= 0.999
    # Whoever asks for products is told at once, or shown what was there a moment ago.
    told = counted(on, "during.products.rejected") + counted(on, "during.products.degraded")
    assert told > 0.5 * counted(on, "during.products.sent")


async def test_a_dead_service_is_called_for_nothing_and_with_the_breaker_is_left_alone(
    local_runtime: Runtime, rate_of: RateOf, tmp_path: Path
) -> None:
    off, on = await run(local_runtime, await rate_of(local_runtime), tmp_path, "dead_customers", "patterns off")
    # Not quite all go on: on a busy machine the load itself falls a little.
    assert counted(off, "calls.customers.fell_by") < 0.4
    assert off["breaker.customers.opened_after_s"] is None
    assert counted(on, "breaker.customers.openings") >= 1
    assert counted(on, "calls.customers.fell_by") > 0.95
    assert on["breaker.customers.closed_after_s"] is not None
    assert counted(on, "during.orders.answered_share") >= 0.999


async def test_a_hung_service_gathers_requests_and_with_the_patterns_has_no_more_than_its_own_room(
    local_runtime: Runtime, rate_of: RateOf, tmp_path: Path
) -> None:
    off, on = await run(local_runtime, await rate_of(local_runtime), tmp_path, "hung_orders", "timeouts off")
    # All slots of the shared pool, and behind them a queue that only grows.
    assert counted(off, "in_flight.orders.during_max") == 100
    assert counted(off, "in_flight.gateway.during_max") > 200
    assert counted(off, "in_flight.gateway.growth_per_s") > 5
    # 25 slots and 25 places in the queue.
    assert counted(on, "in_flight.orders.during_max") <= 50
    assert counted(on, "during.customers.answered_share") >= 0.999
