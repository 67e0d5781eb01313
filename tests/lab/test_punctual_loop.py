"""The load's event loop: what is ready comes a few at a time, in the order it was found, and nothing is lost."""

import asyncio
import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from time import monotonic

import pytest

from lab.punctual_loop import FewAtATime, punctual_loop

READY = 20


@pytest.fixture
def readable() -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        pairs = [socket.socketpair() for _ in range(READY)]
        for ours, theirs in pairs:
            stack.enter_context(ours)
            stack.enter_context(theirs)
            theirs.send(b"an answer")
        yield [ours for ours, _ in pairs]


@pytest.fixture
def selector(readable: list[socket.socket]) -> Iterator[FewAtATime]:
    with FewAtATime() as selector:
        for each in readable:
            selector.register(each, selectors.EVENT_READ)
        yield selector


def ready(selector: FewAtATime) -> list[object]:
    return [key.fileobj for key, events in selector.select(0) if events & selectors.EVENT_READ]


def test_all_that_is_ready_comes_once_before_any_comes_again(
    selector: FewAtATime, readable: list[socket.socket]
) -> None:
    rounds = [ready(selector) for _ in range(3)]
    assert [len(each) for each in rounds] == [8, 8, 4]
    assert {each for few in rounds for each in few} == set(readable)
    assert len(ready(selector)) == 8


def test_what_is_no_longer_asked_for_does_not_come(selector: FewAtATime, readable: list[socket.socket]) -> None:
    came = set(ready(selector))
    left = [each for each in readable if each not in came]
    selector.unregister(left[0])
    selector.modify(left[1], selectors.EVENT_WRITE)
    assert set(ready(selector) + ready(selector)) == set(left[2:])
    # Under its new registration it is found with the next look.
    assert left[1] in [key.fileobj for _ in range(3) for key, _ in selector.select(0)]


def test_a_new_file_under_an_old_number_does_not_get_the_old_one_s_event(
    selector: FewAtATime, readable: list[socket.socket]
) -> None:
    came = set(ready(selector))
    old = next(each for each in readable if each not in came)
    number = old.fileno()
    selector.unregister(old)
    old.close()
    with socket.socket() as new:
        assert new.fileno() == number
        selector.register(new, selectors.EVENT_READ)
        came_then = [key.fd for _ in range(2) for key, _ in selector.select(0)]
        assert number not in came_then
        assert len(came_then) == READY - len(came) - 1


def test_where_nothing_is_ready_it_waits_as_long_as_asked() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, FewAtATime() as selector:
        key = selector.register(ours, selectors.EVENT_READ)
        since_s = monotonic()
        assert selector.select(0.01) == []
        assert monotonic() - since_s >= 0.009
        theirs.send(b"an answer")
        assert selector.select(None) == [(key, selectors.EVENT_READ)]


def test_what_is_due_comes_between_a_crowd_of_answers(readable: list[socket.socket]) -> None:
    read_before: list[int] = []

    async def crowd() -> None:
        loop = asyncio.get_running_loop()
        read = 0
        all_read = asyncio.Event()

        def on_ready(each: socket.socket) -> None:
            nonlocal read
            if read == 0:
                loop.call_soon(lambda: read_before.append(read))
            read += 1
            loop.remove_reader(each)
            if read == READY:
                all_read.set()

        for each in readable:
            loop.add_reader(each, on_ready, each)
        await asyncio.wait_for(all_read.wait(), 30)

    with asyncio.Runner(loop_factory=punctual_loop) as runner:
        runner.run(crowd())
    assert read_before == [8]
