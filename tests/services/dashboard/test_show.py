"""The show: patterns off while a fault is on, and on again whatever happens."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from chassis.problems import Problem
from services.dashboard.commands import Commands, Result
from services.dashboard.document import PATTERNS
from services.dashboard.show import UNPROTECTED_S, Show
from tests.chassis.waiting import until
from tests.services.dashboard.looks import Clock

OFF, ON = dict.fromkeys(PATTERNS, False), dict.fromkeys(PATTERNS, True)


class Gateway(Commands):
    """Records the commands. It is `away` for so many commands, and a second gateway is `frozen` for so many."""

    def __init__(self) -> None:
        self.commands: list[Any] = []
        self.off_for_s: float | None = None
        self.away = 0
        self.frozen = 0

    async def switch(self, patterns: Mapping[str, bool], for_s: float | None = None) -> Result:
        if self.away:
            self.away -= 1
            raise Problem(502, "gateway cannot be reached.")
        self.commands.append(patterns)
        self.off_for_s = for_s
        if self.frozen:
            self.frozen -= 1
            return Result(["gateway-1"], ["gateway-2"])
        return Result(["gateway-1"], [])

    async def inject(self, target: str, fault: Mapping[str, Any]) -> Result:
        self.commands.append((target, fault["kind"]))
        return Result([target], [])


class Stopwatch:
    """Sleeps until the test says that the time is over."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.asked: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.asked.append(seconds)
        await self.over.wait()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


def make_show(gateway: Gateway, stopwatch: Stopwatch, *, faulty: bool = False) -> Show:
    return Show(gateway, lambda: faulty, Clock(), stopwatch.sleep)


async def test_patterns_go_off_a_fault_comes_and_they_come_on_again_by_themselves(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    assert gateway.commands == [OFF, ("customers", "hang")]
    assert show.left_s == UNPROTECTED_S
    stopwatch.over.set()
    await until(lambda: show.left_s is None)
    assert gateway.commands[2:] == [ON]


async def test_a_dashboard_that_is_killed_leaves_gateways_that_go_back_by_themselves_but_not_before_the_end(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    assert gateway.off_for_s is not None
    assert gateway.off_for_s > UNPROTECTED_S
    await show.stop()
    assert gateway.off_for_s is None, "the patterns are on for good"


async def test_a_fault_that_is_on_already_is_the_one_to_be_shown(gateway: Gateway, stopwatch: Stopwatch) -> None:
    show = make_show(gateway, stopwatch, faulty=True)
    await show.start()
    await show.stop()
    assert gateway.commands == [OFF, ON]


async def test_there_is_one_show_at_a_time(gateway: Gateway, stopwatch: Stopwatch) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    with pytest.raises(Problem) as refused:
        await show.start()
    assert refused.value.status == 409
    await show.stop()


async def test_a_gateway_that_is_away_at_the_end_is_switched_when_it_is_back(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    gateway.away = 3
    stopwatch.over.set()
    await until(lambda: show.left_s is None)
    assert gateway.commands[-1] == ON


async def test_one_gateway_of_two_that_is_frozen_at_the_end_is_switched_when_it_is_back(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    gateway.frozen = 3
    stopwatch.over.set()
    await until(lambda: show.left_s is None)
    assert gateway.commands[2:] == [ON] * 4


async def test_one_gateway_of_two_that_is_frozen_at_an_early_end_is_named_and_switched_later(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    gateway.frozen = 2
    assert await show.stop() == ["gateway-2"]
    assert show.left_s == 0
    stopwatch.over.set()
    await until(lambda: show.left_s is None)
    assert gateway.commands[2:] == [ON] * 3


async def test_a_gateway_that_the_show_could_not_do_without_its_patterns_is_named(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    gateway.frozen = 1
    show = make_show(gateway, stopwatch)
    assert await show.start() == ["gateway-2"]
    assert await show.stop() == []


async def test_an_operator_who_switches_patterns_ends_the_show_and_the_switches_stay(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    show.leave()
    await show.stop()
    assert (show.left_s, ON in gateway.commands) == (None, False)


async def test_a_dashboard_that_ends_leaves_the_patterns_on(gateway: Gateway, stopwatch: Stopwatch) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    await show.close()
    assert gateway.commands[-1] == ON


async def test_the_show_does_not_start_if_no_gateway_can_be_reached(gateway: Gateway, stopwatch: Stopwatch) -> None:
    gateway.away = 1
    show = make_show(gateway, stopwatch)
    with pytest.raises(Problem):
        await show.start()
    assert (show.left_s, gateway.commands) == (None, [])


async def test_two_starts_at_the_same_time_begin_one_show(gateway: Gateway, stopwatch: Stopwatch) -> None:
    show = make_show(gateway, stopwatch)
    began = await asyncio.gather(show.start(), show.start(), return_exceptions=True)
    assert [type(each) for each in began] == [list, Problem]
    assert gateway.commands == [OFF, ("customers", "hang")]
    await show.stop()


async def test_a_gateway_that_is_away_at_an_early_end_is_switched_when_it_is_back(
    gateway: Gateway, stopwatch: Stopwatch
) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    gateway.away = 2
    with pytest.raises(Problem):
        await show.stop()
    assert show.left_s == 0
    stopwatch.over.set()
    await until(lambda: show.left_s is None)
    assert gateway.commands[-1] == ON


async def test_a_dashboard_that_ends_while_the_gateway_is_away_ends(gateway: Gateway, stopwatch: Stopwatch) -> None:
    show = make_show(gateway, stopwatch)
    await show.start()
    gateway.away = 1
    await show.close()
    assert show.left_s is None
