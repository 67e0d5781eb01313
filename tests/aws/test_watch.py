"""The load on a remote stack, told second by second."""

import asyncio

import pytest

from lab.load import Second
from tests.lab.server import answering, hanging_up, serving

watch = pytest.importorskip("infra.aws.watch", reason="make test runs this, with the lab", exc_type=ImportError)


def second(at_s: int, answered: int) -> Second:
    return Second(at_s=at_s, sent=2, answered=answered, failed=2 - answered, slowest_ms=1, replicas=())


def test_down_is_the_longest_run_of_seconds_without_an_answer() -> None:
    seconds = [second(at_s, answered) for at_s, answered in enumerate([2, 0, 1, 0, 0, 2])]
    assert watch.downtime_s(seconds) == 2
    assert watch.downtime_s([]) == 0


def test_a_healthy_stack_is_one_line() -> None:
    said: list[str] = []
    with serving(answering) as server:
        result = asyncio.run(watch.watch(server.url, rate=20, seconds=1, say=said.append))
    assert result.failed == 0
    assert len(said) == 1
    assert "0 failed" in said[0]


def test_every_failure_is_told_with_its_second_and_its_reason() -> None:
    said: list[str] = []
    with serving(hanging_up) as server:
        result = asyncio.run(watch.watch(server.url, rate=20, seconds=1, say=said.append))
    assert result.failed == result.sent
    assert said[0].startswith("second 0: ")
    assert "connection broke" in said[-1]
