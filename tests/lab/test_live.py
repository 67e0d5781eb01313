"""What the lab shows."""

import math
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from lab.findings import Found, SideFound, Spread, Verdict
from lab.journal import Journal
from lab.live import LiveScreen, comparison
from lab.suite import Options, Suite
from tests.lab.experiments import FREEZE, small
from tests.lab.fake_stack import FakeRuntime
from tests.lab.server import serving


def side(
    name: str, failed: float, low: float | None = None, row: str | None = None, column: str | None = None
) -> SideFound:
    spread = Spread(median=failed, low=failed if low is None else low, high=failed)
    rest: dict[str, Any] = {"x": None, "side": {}, "verdict": Verdict.HELD, "runs": []}
    return SideFound(name=name, row=row, column=column, summary={"failed": spread}, **rest)


def found(*sides: SideFound) -> Found:
    rest: dict[str, Any] = {"hypothesis": "", "file": "", "sentence": "", "started_at": "", "environment": {}}
    return Found(
        name="mine", title="Mine", verdict=Verdict.HELD, took_s=1, time_scale=1, slo=0.999,
        show=["failed", "p99_ms"], sides=sides, **rest,
    )  # fmt: skip


def printed(result: Found) -> list[list[str]]:
    output = StringIO()
    Console(file=output, width=160).print(comparison(result))
    return [
        [cell.strip() for cell in line.strip("│┃ ").replace("┃", "│").split("│")]
        for line in output.getvalue().splitlines()
        if "│" in line or "┃" in line
    ]


def test_sides_stand_beside_each_other() -> None:
    rows = printed(found(side("off", 300, low=250), side("on", 0)))
    assert rows[0][-2:] == ["off", "on"]
    assert ["failed", "300 (250 to 300)", "0"] in rows
    assert ["p99_ms", "-", "-"] in rows
    assert ["verdict", "held", "held"] in rows


def test_stacks_and_schedules_make_a_matrix() -> None:
    sides = [
        side("2, one", 0, row="2 replicas", column="one"),
        side("2, all", 300, row="2 replicas", column="all at once"),
        side("3, all", 400, row="3 replicas", column="all at once"),
    ]
    rows = printed(found(*sides))
    assert rows[0][-2:] == ["2 replicas", "3 replicas"]
    assert ["one", "-, 0"] in rows
    assert ["all at once", "-, 300", "-, 400"] in rows


def test_many_sides_stand_below_each_other() -> None:
    rows = printed(found(*(side(f"side {count}", count) for count in range(7))))
    assert rows[0][-3:] == ["failed", "p99_ms", "verdict"]
    assert ["side 3", "3", "-", "held"] in rows


@pytest.mark.parametrize("terminal", [True, False])
async def test_a_live_display_is_for_terminals_and_gone_at_the_end(tmp_path: Path, terminal: bool) -> None:
    output = StringIO()
    screen = LiveScreen(Console(file=output, width=120, force_terminal=terminal))
    runtime = FakeRuntime()
    with serving(lambda server, writer: runtime.answer(server, writer)) as server:
        runtime.url = server.url
        suite = Suite(runtime, Journal(), screen, Options(tmp_path, max_lag_ms=math.inf))
        await suite.run({"mine": (Path("mine.toml"), small([FREEZE | {"for": 1.5}], "failed == 0"))})
    shown = output.getvalue()
    shows, hides = "\x1b[?25h", "\x1b[?25l"
    assert shown.count(hides) == shown.count(shows) == (1 if terminal else 0)
    assert ("own lag" in shown) is terminal
    assert ("faults" in shown) is terminal
    assert "Held. one side: 0 of" in shown
