"""The journal outlives the lab, and loses nothing that could not be put right."""

import json
from pathlib import Path

import pytest

from lab.hands import Hands
from lab.journal import Journal, LabBusy, Undo, open_journal
from stack.errors import NothingRuns, StackError, UnknownTarget
from stack.reply import Reply
from tests.lab.fake_stack import FakeRuntime


class Asked(FakeRuntime):
    """A gateway with one switch that it remembers."""

    def __init__(self) -> None:
        super().__init__("docker")
        self.switches = {"bulkheads": True, "timeouts": True}
        self.asked: list[str] = []

    def ask(self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = 1.0) -> Reply:
        self.asked.append(f"{method} {path}")
        if isinstance(body, dict):
            self.switches |= body
        return Reply(200, json.dumps({"switches": self.switches}).encode())


class Gone(FakeRuntime):
    """Nobody can be asked."""

    def ask(self, replica: str, method: str, path: str, body: object | None = None, *, timeout_s: float = 1.0) -> Reply:
        raise UnknownTarget(f"No replica is called {replica}.")


async def test_what_is_to_be_undone_is_written_before_it_is_done(tmp_path: Path) -> None:
    file = tmp_path / "undo.json"
    runtime = FakeRuntime()
    seen: list[str] = []
    pause = runtime.pause

    def watched(target: str) -> None:
        seen.append(file.read_text())
        pause(target)

    runtime.pause = watched  # type: ignore[method-assign]
    await Hands(runtime, Journal(file)).pause("products-1")
    assert json.loads(seen[0]) == [{"verb": "resume", "target": "products-1", "value": None}]


async def test_switches_and_sizes_go_back_to_what_they_were_first(tmp_path: Path) -> None:
    runtime = Asked()
    hands = Hands(runtime, Journal(tmp_path / "undo.json"))
    await hands.switch({"bulkheads": False}, "gateway-1")
    await hands.switch({"timeouts": False}, "gateway-1")
    await hands.scale("products", 2)
    await hands.scale("products", 5)
    assert runtime.switches == {"bulkheads": False, "timeouts": False}
    assert await Hands(runtime, Journal(tmp_path / "undo.json")).undo() == []
    assert runtime.switches == {"bulkheads": True, "timeouts": True}
    assert runtime.calls == ["scale products 2", "scale products 5", "scale products 3"]
    assert not (tmp_path / "undo.json").exists()


def test_what_cannot_be_put_right_stays_and_the_rest_is_done(tmp_path: Path) -> None:
    runtime = Gone()

    def fails(target: str) -> None:
        raise StackError(f"{target} does not start.")

    runtime.start = fails  # type: ignore[method-assign]
    journal = Journal(tmp_path / "undo.json")
    for undo in (Undo("resume", "products-3"), Undo("start", "products-1"), Undo("clear_faults", "gone-1")):
        journal.add(undo)
    assert journal.put_right(runtime) == ["products-1 does not start."]
    assert runtime.calls == ["resume products-3"]
    assert Journal(tmp_path / "undo.json").entries == [Undo("start", "products-1")]


def test_without_a_stack_there_is_nothing_left_to_put_right(tmp_path: Path) -> None:
    runtime = FakeRuntime()

    def nothing(target: str) -> None:
        raise NothingRuns

    runtime.resume = nothing  # type: ignore[method-assign]
    journal = Journal(tmp_path / "undo.json")
    journal.add(Undo("start", "products-1"))
    journal.add(Undo("resume", "products-1"))
    assert journal.put_right(runtime) == []
    assert not (tmp_path / "undo.json").exists()


def test_a_stack_that_the_lab_started_goes_down_last(tmp_path: Path) -> None:
    runtime = FakeRuntime()
    journal = Journal(tmp_path / "undo.json")
    journal.add(Undo("down"))
    journal.add(Undo("resume", "products-1"))
    journal.put_right(runtime, faults_only=True)
    assert runtime.calls == ["resume products-1"]
    journal.put_right(runtime)
    assert runtime.calls == ["resume products-1", "down"]


def test_one_command_at_a_time(tmp_path: Path) -> None:
    with open_journal(tmp_path), pytest.raises(LabBusy), open_journal(tmp_path):
        pass
    with open_journal(tmp_path):
        pass


def test_a_damaged_journal_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "undo.json").write_text('[{"verb": ')
    with pytest.raises(StackError, match="damaged"):
        Journal(tmp_path / "undo.json")
