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
        self.stopping = False
        self.made = 0
        self.channel = Channel(self._full, lambda: self.stopping, max_pages)

    def publish(self) -> None:
        self.number += 1
        self.channel.publish({"number": self.number})

    def _full(self) -> Any:
        self.made += 1
        return {"all": self.number}


async def event(stream: AsyncIterator[bytes]) -> tuple[str, Any]:
    lines = (await anext(stream)).decode().splitlines()
    found = dict(line.split(": ", 1) for line in lines if ": " in line)
    return found["event"], json.loads(found["data"])


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


async def test_no_more_pages_than_may_be_open_counted_before_they_are_answered() -> None:
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
