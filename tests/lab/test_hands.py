"""What the hands keep down stays down, whatever it is doing."""

import threading
from time import monotonic

from lab.hands import Hands
from tests.lab.fake_stack import FakeRuntime


class Deaf(FakeRuntime):
    """A replica that has lost the signal to stop: it goes when it is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.killed = threading.Event()

    def stop(self, target: str) -> None:
        assert self.killed.wait(10), "nobody killed it"
        super().stop(target)

    def kill(self, target: str) -> None:
        super().kill(target)
        self.killed.set()


async def test_what_does_not_hear_that_it_is_to_stop_is_killed() -> None:
    runtime = Deaf()
    await Hands(runtime).keep_down(monotonic() + 0.15, "products-1")
    assert {*runtime.calls} == {"kill products-1", "stop products-1"}
    assert runtime.calls[0] == "kill products-1"
