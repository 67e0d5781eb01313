"""The stream: everything at first, then the news, for as many pages as may be open."""

import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import pytest

from chassis.problems import Problem
from services.dashboard.channel import Channel


class Source:
    """What the channel says, and whether the service stops."""

    def __init__(self, max_pages: int = 3) -> None:
        self.number = 0
        self.age_s = 0.25
        self.stopping = False
        self.made = 0
        self.channel = Channel(self._full, lambda: self.age_s, lambda: self.stopping, max_pages, quiet_s=0.01)

    def publish(self) -> None:
        self.number += 1
        self.channel.publish({"number": self.number})

    def _full(self) -> Any:
        self.made += 1
        return {"all": self.number}


async def events(stream: AsyncIterator[bytes]) -> list[tuple[str, Any]]:
    """Those of the next message."""
    blocks = (await anext(stream)).decode().split("\n\n")[:-1]
    found = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [(each["event"], json.loads(each["data"])) for each in found if "event" in each]


async def event(stream: AsyncIterator[bytes]) -> tuple[str, Any]:
    """The last one of the next message."""
    return (await events(stream))[-1]


async def test_a_page_gets_everything_first_and_then_the_news() -> None:
    source = Source()
    source.publish()
    with source.channel.page() as stream:
        assert await event(stream) == ("state", {"all": 1})
        source.publish()
        assert await event(stream) == ("news", {"number": 2})


async def test_a_page_that_missed_something_gets_everything_again() -> None:
    source = Source()
    with source.channel.page() as stream:
        await event(stream)
        source.publish()
        source.publish()
        assert await event(stream) == ("state", {"all": 2})
        source.publish()
        assert await event(stream) == ("news", {"number": 3})


async def test_a_page_gets_the_age_of_the_data_before_the_data_and_when_nothing_is_new() -> None:
    source = Source()
    with source.channel.page() as stream:
        assert await events(stream) == [("age", 0.25), ("state", {"all": 0})]
        source.age_s = 6.5
        assert await events(stream) == [("age", 6.5)]
    with source.channel.page() as late:
        assert await events(late) == [("age", 6.5), ("state", {"all": 0})]
    assert source.made == 1


async def test_everything_is_put_together_once_for_all_pages() -> None:
    source = Source(max_pages=50)
    with ExitStack() as pages:
        for _ in range(50):
            await event(pages.enter_context(source.channel.page()))
    assert source.made == 1


async def test_the_stream_ends_when_the_service_stops() -> None:
    source = Source()
    with source.channel.page() as stream:
        await event(stream)
        source.stopping = True
        assert [message async for message in stream] == []
    assert source.channel.pages == 0


async def test_a_page_over_the_limit_is_refused_before_it_is_answered() -> None:
    source = Source(max_pages=2)
    with ExitStack() as pages:
        for _ in range(2):
            pages.enter_context(source.channel.page())
        with pytest.raises(Problem) as refused:
            pages.enter_context(source.channel.page())
        assert refused.value.status == 503
    assert source.channel.pages == 0
    with source.channel.page() as stream:
        assert await event(stream) == ("state", {"all": 0})
