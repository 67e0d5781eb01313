"""Time that passes only if a test says so, or if all tasks of the test wait for it: no test waits by the wall clock."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import pytest


class FakeClock:
    """A monotonic clock in a test's hand."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s

    def pass_by(self, seconds: float) -> None:
        """Time passes, and no task has run meanwhile: timers that are due fire in the loop's next turn."""
        self.now_s += seconds


class _NeverWaits(selectors.SelectSelector):
    """Where a loop would sleep until its next timer, time passes instead."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "every task waits for something that never happens"
            self._clock.pass_by(timeout)
        return ready


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers follow `clock`."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        super().__init__(_NeverWaits(self.clock))

    def time(self) -> float:
        return self.clock()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop in which pytest-asyncio runs the tests of this folder."""
    return {"fake time": FakeTimeLoop}


def clock_of_the_loop() -> FakeClock:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)
    return loop.clock


def run(scenario: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scenario in a loop of its own, for tests that hypothesis calls many times."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        runner.run(scenario())


@pytest.fixture
def clock() -> FakeClock:
    """A clock for a test without an event loop."""
    return FakeClock()


@pytest.fixture
async def time() -> FakeClock:
    """The clock of the event loop in which the test runs."""
    return clock_of_the_loop()
