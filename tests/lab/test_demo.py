"""The demo breaks what it says, tells the truth about it, and leaves the stack as it found it."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from rich.console import Console

from lab.demo import DemoFailed, Plan, play
from lab.load import Request
from lab.record import Record
from lab.result import Result
from lab.screen import Screen
from tests.lab.fake_stack import FakeRuntime
from tests.lab.server import serving

QUICK = Plan(rate=200, act_s=0.1, broken_s=0.1, patience_s=20, second_s=0.1)
FAULTS = [
    "kill products-1",
    "kill products-1",
    "kill products-2",
    "pause products-3",
    "resume products-3",
    "roll products",
]


class Stage:
    """Plays the demo on a fake stack; `shown` is what the user saw."""

    def __init__(self, runtime: FakeRuntime, *, terminal: bool = False) -> None:
        self.runtime = runtime
        self.output = StringIO()
        self.screen = Screen(Console(file=self.output, width=140, force_terminal=terminal))

    async def play(self, plan: Plan = QUICK) -> bool:
        with serving(lambda server, writer: self.runtime.answer(server, writer)) as server:
            self.runtime.url = server.url
            return await play(self.runtime, self.screen, plan, requests())

    @property
    def calls(self) -> list[str]:
        """What was done to the stack; of two that are killed at once, products-1 first."""
        calls = list(self.runtime.calls)
        at = calls.index("kill products-2")
        if calls[at + 1] == "kill products-1":
            calls[at : at + 2] = calls[at + 1], calls[at]
        return calls

    @property
    def shown(self) -> str:
        return self.output.getvalue()


def requests() -> Iterator[Request]:
    return itertools.repeat(Request("GET", "/products/search?q=lamp"))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.005)


async def test_every_act_is_played_in_order_and_nothing_fails() -> None:
    stage = Stage(FakeRuntime())
    assert await stage.play()
    assert stage.calls == FAULTS
    assert stage.runtime.all_ready()
    assert "No request failed" in stage.shown
    for title in ("one is killed: products-1", "two are killed: products-1 and products-2", "one freezes: products-3"):
        assert title in stage.shown


def test_a_line_tells_who_is_in_rotation() -> None:
    stage = Stage(FakeRuntime())
    records = [Record(0, 0, 0.25, replica="products-3"), Record(0, 0, 1, "timeout")]
    stage.screen.second(7, Result(records), ["products-1", "products-2", "products-3"])
    words = stage.shown.split()
    expected = "7 s 1 answered 1 failed slowest 250 ms ---------- ---------- products-3"
    assert words == expected.split()


async def test_docker_starts_nothing_that_was_killed_so_the_demo_does() -> None:
    stage = Stage(FakeRuntime("docker"))
    assert await stage.play()
    assert sorted(call for call in stage.runtime.calls if call.startswith("start")) == [
        "start products-1",
        "start products-1",
        "start products-2",
    ]
    assert stage.runtime.all_ready()


async def test_a_failed_request_fails_the_demo_and_says_why() -> None:
    stage = Stage(FakeRuntime("docker"))
    stage.runtime.status_when_broken = 503
    assert not await stage.play()
    assert "requests failed (status 503:" in stage.shown
    assert "No request failed" not in stage.shown


async def test_a_replica_that_does_not_come_back_fails_the_demo() -> None:
    stage = Stage(FakeRuntime(restarts_after=None))
    assert not await stage.play(Plan(rate=200, act_s=0.1, broken_s=0.1, patience_s=3, second_s=0.1))
    assert "products-1 did not answer again within 3 s" in stage.shown
    assert "never" in stage.shown
    assert stage.runtime.calls == ["kill products-1"]


async def test_a_stack_that_was_not_up_is_started_and_taken_down_again() -> None:
    stage = Stage(FakeRuntime(up=False))
    assert await stage.play()
    assert stage.calls == ["up", *FAULTS, "down"]


async def test_a_stack_that_is_up_but_not_whole_is_made_whole_and_left_up() -> None:
    runtime = FakeRuntime()
    runtime.stop("products-1")
    runtime.pause("products-2")
    runtime.calls.clear()
    stage = Stage(runtime)
    assert await stage.play()
    assert stage.calls == ["start products-1", "resume products-2", "start products-2", *FAULTS]


@pytest.mark.parametrize("found_up", [True, False])
@pytest.mark.parametrize(
    ("name", "at"), [("docker", "kill products-2"), ("docker", "pause products-3"), ("local", "roll products")]
)
async def test_an_interrupted_demo_leaves_the_stack_as_it_was_found(name: str, at: str, found_up: bool) -> None:
    stage = Stage(FakeRuntime(name, up=found_up))
    playing = asyncio.create_task(stage.play(Plan(rate=200, act_s=0.3, broken_s=0.3, patience_s=20, second_s=0.1)))
    await until(lambda: at in stage.runtime.calls)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert stage.runtime.all_ready()
    assert stage.runtime.is_up() == found_up
    assert ("down" in stage.runtime.calls) == (not found_up)


async def test_an_interruption_while_the_stack_starts_takes_it_down() -> None:
    stage = Stage(FakeRuntime(up=False))
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()
    up = stage.runtime.up

    def slow_up() -> None:
        up()
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(30)

    stage.runtime.up = slow_up  # type: ignore[method-assign]
    playing = asyncio.create_task(stage.play())
    await until(lambda: stage.runtime.calls == ["up"])
    playing.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert stage.runtime.calls == ["up", "down"]


async def test_two_replicas_are_not_enough_to_kill_two() -> None:
    stage = Stage(FakeRuntime(count=2))
    with pytest.raises(DemoFailed, match="needs 3 replicas"):
        await stage.play()
    assert stage.runtime.calls == []


async def test_the_table_adds_up() -> None:
    stage = Stage(FakeRuntime())
    assert await stage.play()
    rows = [[cell.strip() for cell in line.strip("│ ").split("│")] for line in stage.shown.splitlines() if "│" in line]
    sent = {row[0]: int(row[1]) for row in rows}
    assert all(int(row[1]) == int(row[2]) + int(row[3]) for row in rows)
    total = sent.pop("altogether")
    assert 0 < sum(sent.values()) <= total
    assert len(sent) == 5


async def test_on_a_terminal_a_line_stays_below_and_is_gone_at_the_end() -> None:
    stage = Stage(FakeRuntime(), terminal=True)
    assert await stage.play()
    shows, hides = "\x1b[?25h", "\x1b[?25l"
    assert stage.shown.count(hides) > 0
    assert stage.shown.count(shows) == stage.shown.count(hides)


async def test_plain_output_has_no_control_characters() -> None:
    stage = Stage(FakeRuntime())
    assert await stage.play()
    assert all(character == "\n" or character.isprintable() for character in stage.shown)
