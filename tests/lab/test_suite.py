"""Several experiments, one after the other: what becomes of one does not end the others."""

import math
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from lab.experiment import Experiment
from lab.findings import Found, Verdict
from lab.journal import Journal
from lab.live import LiveScreen
from lab.report.collection import collect
from lab.report.page import page
from lab.suite import Options, Suite
from stack.errors import Unanswered
from tests.lab.experiments import FREEZE, small
from tests.lab.fake_stack import FakeRuntime
from tests.lab.report.results import collection
from tests.lab.server import serving


class Faltering(FakeRuntime):
    """Cannot be scaled the first time."""

    _asked = False

    def scale(self, service: str, count: int) -> None:
        if not self._asked:
            self._asked = True
            raise Unanswered("products-1 says nothing.")
        super().scale(service, count)


async def found_on(runtime: FakeRuntime, folder: Path, *experiments: Experiment) -> Sequence[Found]:
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        suite = Suite(runtime, Journal(), LiveScreen(Console(quiet=True)), Options(folder, max_lag_ms=math.inf))
        return await suite.run({f"number {n}": (Path(f"{n}.toml"), each) for n, each in enumerate(experiments, 1)})


async def test_a_side_that_cannot_be_run_is_invalid_and_the_others_are_run(tmp_path: Path) -> None:
    cannot = small([], "failed == 0", stack={"products": 2})
    first, second = await found_on(Faltering(), tmp_path, cannot, small([FREEZE], "failed == 0"))
    assert first.verdict is Verdict.INVALID
    assert first.sentence == "Invalid: one side: products-1 says nothing."
    assert first.sides[0].summary == {}
    assert second.verdict is Verdict.HELD
    kept = {each.name: each.verdict for each in collect(tmp_path).found}
    assert kept == {"number 1": Verdict.INVALID, "number 2": Verdict.HELD}
    assert "products-1 says nothing." in page(collection(first, second))


async def test_the_reasons_of_the_worst_verdict_come_first(tmp_path: Path) -> None:
    sides = [
        {"name": name, "expect": [expected], "stack": {"products": count}}
        for name, expected, count in (("deviates", "failed > 0", 3), ("cannot be", "failed == 0", 2))
    ]
    [found] = await found_on(Faltering(), tmp_path, small([], sides=sides))
    assert found.sentence == ("Invalid: cannot be: products-1 says nothing; deviates: failed > 0 (0 measured).")
