"""A side of an experiment, run on a fake stack: its verdict is right, and everything is undone whatever happens."""

import asyncio
import gzip
import itertools
import math
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lab.experiment import Experiment
from lab.findings import Checked, Run, Verdict
from lab.hands import Hands
from lab.journal import Journal
from lab.run import SideRun, judge
from stack.errors import Refused
from tests.lab.audience import Silent
from tests.lab.experiments import FREEZE, KILL, small
from tests.lab.fake_stack import FakeRuntime
from tests.lab.server import Server, serving

# The last of them are on their way when the fault begins, and may meet it: a hundredth of so many leaves room for them.
LONG_BEFORE = {"warm_up_s": 0, "before_s": 8, "after_s": 0.5, "settle_s": 10}


async def run(runtime: FakeRuntime, experiment: Experiment, records_file: Path | None = None) -> Run:
    (side,) = experiment.all_sides()
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        return await SideRun(Hands(runtime), experiment, side, Silent(), 1, math.inf).run(records_file)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def test_as_expected_is_held_and_everything_is_told() -> None:
    runtime = FakeRuntime()
    found = await run(runtime, small([FREEZE], "failed == 0", "downtime_s == 0"))
    assert (found.verdict, found.reasons) == (Verdict.HELD, [])
    assert runtime.calls == ["pause products-3", "resume products-3"]
    assert [phase.name for phase in found.phases] == ["warm_up", "before", "during", "settling", "after"]
    assert all(one.to_s == other.from_s for one, other in zip(found.phases, found.phases[1:], strict=False))
    (fault,) = found.faults
    assert (fault.kind, fault.targets) == ("pause", ["products-3"])
    assert round(fault.to_s - fault.from_s, 3) >= 0.4
    during = found.phases[2]
    assert during.from_s <= fault.from_s < fault.to_s <= during.to_s + 0.01
    assert sum(second.sent for second in found.seconds) >= found.measures["sent"] > 0  # type: ignore[operator]
    assert [check.held for check in found.expectations] == [True, True]
    assert "pause: products-3" in [said.text for said in found.journal]


async def test_a_broken_stack_deviates_and_the_reasons_say_what_was_measured() -> None:
    runtime = FakeRuntime()
    runtime.status_when_broken = 503
    found = await run(runtime, small([FREEZE], "failed == 0", steady=LONG_BEFORE))
    assert found.verdict is Verdict.DEVIATED
    assert found.reasons[0].startswith("failed == 0 (")
    assert found.failures == {"status 503": found.measures["failed"]}
    assert runtime.all_ready()


async def test_a_stack_that_is_not_steady_makes_it_invalid_and_nothing_is_done_to_it() -> None:
    runtime = FakeRuntime(count=3)
    runtime.status_when_broken = 503
    runtime.mendable = False
    runtime.pause("products-1")
    runtime.calls.clear()
    found = await run(runtime, small([KILL], "failed >= 0"))
    assert found.verdict is Verdict.INVALID
    assert "not steady before anything was done" in found.reasons[0]
    assert not [call for call in runtime.calls if call.startswith("kill")]
    assert [phase.name for phase in found.phases] == ["warm_up", "before"]


async def test_a_stack_that_does_not_recover_deviates() -> None:
    runtime = FakeRuntime()
    runtime.status_when_broken = 503
    runtime.mendable = False  # what was frozen does not thaw
    found = await run(runtime, small([FREEZE], "sent > 0", steady=LONG_BEFORE | {"settle_s": 0.5}))
    assert found.verdict is Verdict.DEVIATED
    assert found.reasons[0].startswith("not steady afterwards: answered_share >= 0.99")
    assert found.measures["time_to_full_capacity_s"] is None


async def test_too_much_harm_aborts_it_and_undoes_the_fault_at_once() -> None:
    runtime = FakeRuntime()
    runtime.status_when_broken = 503
    harm = {"that": ["answered_share < 0.5"], "within_s": 0.5}
    found = await run(runtime, small([FREEZE | {"for": 600}], "sent > 0", stop=harm))
    assert found.verdict is Verdict.ABORTED
    assert found.reasons == ["stopped, as answered_share < 0.5 over the last 0.5 s"]
    assert runtime.calls == ["pause products-3", "resume products-3"]


class Deaf(FakeRuntime):
    """Answers nobody as long as a replica is away."""

    async def answer(self, server: Server, writer: asyncio.StreamWriter) -> None:
        while not self.all_ready():
            await asyncio.sleep(0.005)
        await super().answer(server, writer)


@pytest.mark.parametrize("condition", ["answered_share < 0.5", "products.answered_share < 0.5"])
@pytest.mark.parametrize("failing", ["errors", "silence"])
async def test_harm_to_one_service_ends_it_too_even_when_nothing_ends(condition: str, failing: str) -> None:
    runtime = Deaf() if failing == "silence" else FakeRuntime()
    runtime.status_when_broken = 503
    patient = {"rate": 100, "mix": {"search": 1}, "timeout_s": 60}
    harm = {"that": [condition], "within_s": 0.5}
    async with asyncio.timeout(50):
        found = await run(runtime, small([FREEZE | {"for": 600}], "sent > 0", stop=harm, load=patient))
    assert found.verdict is Verdict.ABORTED
    assert found.reasons == [f"stopped, as {condition} over the last 0.5 s"]


async def test_a_steady_state_is_told_of_a_service_too() -> None:
    steady = {"warm_up_s": 0, "before_s": 1.5, "after_s": 0.5, "settle_s": 10, "that": ["products.answered_share == 1"]}
    found = await run(FakeRuntime(), small([FREEZE], "failed == 0", steady=steady))
    assert (found.verdict, found.reasons) == (Verdict.HELD, [])
    assert [each.measured for each in (*found.steady_before, *found.steady_after)] == [1, 1]


class HalfDeaf(FakeRuntime):
    """Never answers every second request."""

    def __init__(self) -> None:
        super().__init__()
        self._count = itertools.count()

    async def answer(self, server: Server, writer: asyncio.StreamWriter) -> None:
        if next(self._count) % 2:
            await asyncio.sleep(60)
        await super().answer(server, writer)


async def test_requests_that_had_not_ended_when_the_fault_began_belong_to_the_steady_state() -> None:
    steady = {"warm_up_s": 0, "before_s": 1.5, "after_s": 0.5, "settle_s": 0.5}
    slow = {"rate": 50, "mix": {"search": 1}, "timeout_s": 6}
    found = await run(HalfDeaf(), small([FREEZE], "sent > 0", steady=steady, load=slow))
    assert found.verdict is Verdict.INVALID
    assert "during" in [phase.name for phase in found.phases], "those that had ended were answered"
    assert found.reasons[0].startswith("not steady before anything was done: answered_share >= 0.99 (0.")


class Refusing(FakeRuntime):
    """Freezes nothing, although it says so in the end."""

    def pause(self, target: str) -> None:
        super().pause(target)
        raise Refused(f"{target} does not freeze.")


async def test_a_fault_that_cannot_be_done_makes_it_invalid_and_everything_is_undone() -> None:
    runtime = Refusing()
    found = await run(runtime, small([FREEZE], "failed == 0"))
    assert (found.verdict, found.reasons) == (Verdict.INVALID, ["products-3 does not freeze."])
    assert runtime.all_ready()
    assert "products-3 does not freeze." in [said.text for said in found.journal]


async def test_a_shop_that_does_not_tell_its_orders_makes_it_invalid() -> None:
    found = await run(FakeRuntime(), small([], "failed == 0", load={"mix": {"order": 1}}))
    assert found.verdict is Verdict.INVALID
    assert found.reasons[0].startswith("the shop does not tell its orders before anything was done")
    assert (found.measures, found.seconds) == ({}, [])


async def test_a_load_that_breaks_off_makes_it_invalid() -> None:
    runtime = FakeRuntime()
    steady = {"warm_up_s": 0, "before_s": 1.5, "after_s": 0.5, "settle_s": 0.1}
    before = set(psutil.Process().children())
    running = asyncio.create_task(run(runtime, small([FREEZE], "sent > 0", steady=steady)))
    await until(lambda: not runtime.all_ready())
    (load,) = set(psutil.Process().children()) - before
    load.kill()
    found = await running
    assert (found.verdict, found.reasons) == (Verdict.INVALID, ["The load generator broke off."])
    assert runtime.all_ready()


async def test_the_dead_are_replaced_after_the_replacement_time() -> None:
    runtime = FakeRuntime("docker")
    kill = {"kind": "kill", "target": "products-1"}
    found = await run(runtime, small([kill], "failed == 0", stack={"products": 3, "replacement_s": 0.7}))
    assert found.verdict is Verdict.HELD
    assert runtime.calls == ["kill products-1", "start products-1"]
    (fault,) = found.faults
    assert round(fault.to_s - fault.from_s, 3) >= 0.7


async def test_a_runtime_that_restarts_the_dead_itself_is_held_back() -> None:
    runtime = FakeRuntime("local", restarts_after=5)
    found = await run(runtime, small([KILL], "failed == 0"))
    assert found.verdict is Verdict.HELD
    assert {"stop products-1", "stop products-2"} <= set(runtime.calls)
    assert sorted(runtime.calls[-2:]) == ["start products-1", "start products-2"]


async def test_all_dead_is_downtime() -> None:
    runtime = FakeRuntime("docker")
    kill_all = {"kind": "kill", "target": "products", "for": 4.5}
    found = await run(runtime, small([kill_all], "downtime_s >= 1", steady=LONG_BEFORE))
    assert found.verdict is Verdict.HELD
    assert (found.measures["worst_gap_s"] or 0) >= 2
    assert found.measures["replicas.products.least_ready"] == 0
    assert set(found.failures) == {"status 502"}


@pytest.mark.parametrize("faults", [[FREEZE | {"for": 600}], [KILL | {"for": 600}]], ids=["frozen", "killed"])
async def test_an_interruption_undoes_everything(faults: list[dict[str, object]], tmp_path: Path) -> None:
    runtime = FakeRuntime("docker")
    experiment = small(faults, "sent > 0")
    (side,) = experiment.all_sides()
    journal = Journal(tmp_path / "undo.json")
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        running = asyncio.create_task(SideRun(Hands(runtime, journal), experiment, side, Silent(), 1, math.inf).run())
        await until(lambda: not runtime.all_ready())
        assert (tmp_path / "undo.json").exists()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert runtime.all_ready()
    assert not (tmp_path / "undo.json").exists()


async def test_the_number_of_replicas_is_changed_and_changed_back() -> None:
    runtime = FakeRuntime(count=3)
    found = await run(runtime, small([], "failed == 0", stack={"products": 2}))
    assert found.verdict is Verdict.HELD
    assert runtime.calls == ["scale products 2", "scale products 3"]


async def test_every_request_can_be_kept(tmp_path: Path) -> None:
    file = tmp_path / "records.csv.gz"
    found = await run(FakeRuntime(), small([FREEZE], "failed == 0"), file)
    with gzip.open(file, "rt") as kept:
        rows = kept.read().splitlines()
    assert rows[0] == "due_s,lag_ms,latency_ms,kind,failure,replica,degraded,retries,reason"
    assert len(rows) - 1 == sum(second.sent for second in found.seconds)
    assert found.records_file == "records.csv.gz"


def check(held: bool) -> Checked:
    return Checked(condition="failed == 0", measured=7, held=held)


def test_a_load_that_was_late_shows_nothing_whatever_it_measured() -> None:
    verdict, reasons = judge([check(True)], [check(False)], [check(True)], {"lag_p99_ms": 51})
    assert verdict is Verdict.INVALID
    assert "the load itself was late: 51 ms" in reasons[0]
    assert judge([check(True)], [check(True)], [check(True)], {"lag_p99_ms": 49})[0] is Verdict.HELD


def test_what_was_not_steady_before_is_invalid_whatever_it_showed_then() -> None:
    verdict, reasons = judge([check(False)], [check(True)], [check(True)], {"lag_p99_ms": 1})
    assert verdict is Verdict.INVALID
    assert reasons == ["not steady before anything was done: failed == 0 (7 measured)"]
