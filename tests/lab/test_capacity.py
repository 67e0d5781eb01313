"""The rate of a test, from what the stack was measured to serve."""

from collections.abc import Sequence
from typing import Any

import pytest

from lab.capacity import CONNECTIONS, MEASURE_S, WARM_UP_S, Capacity, measure
from lab.closed_loop import Tally, closed_loop
from stack.errors import StackError
from tests.lab.server import refusing, serving


class FakeLoad:
    """Records its calls; the answers of each call are given."""

    def __init__(self, *tallies: Tally) -> None:
        self.tallies = list(tallies)
        self.calls: list[tuple[str, int, float]] = []
        self.targets: Sequence[str] = ()

    async def __call__(self, host: str, port: int, targets: Sequence[str], **given: Any) -> Tally:
        assert given["connections"] == CONNECTIONS
        self.calls.append((host, port, given["seconds"]))
        self.targets = targets
        return self.tallies.pop(0)


def good(count: int, *errors: str) -> Tally:
    return Tally([0.01] * count, list(errors))


@pytest.mark.parametrize(("per_s", "rate"), [(100, 25), (799, 199.75), (800, 200), (5000, 200)])
def test_the_rate_is_a_quarter_of_the_capacity_and_at_most_200(per_s: float, rate: float) -> None:
    assert Capacity("/products", per_s).rate == rate


async def test_the_capacity_is_the_good_answers_after_a_warm_up() -> None:
    load = FakeLoad(good(9_000), good(600, *["HTTP/1.1 429 Too Many Requests"] * 5_000))
    capacity = await measure("http://127.0.0.1:8080", "/api/products", load)
    assert capacity == Capacity("/api/products", 600 / MEASURE_S)
    assert load.calls == [("127.0.0.1", 8080, WARM_UP_S), ("127.0.0.1", 8080, MEASURE_S)]
    assert all(target.startswith("/api/products/search?q=") for target in load.targets)
    assert len(set(load.targets)) > 2_000


async def test_a_route_that_only_refuses_has_no_rate() -> None:
    with pytest.raises(StackError, match=r"/products serves no request: HTTP/1\.1 503 No\."):
        await measure("http://127.0.0.1:8080", "/products", FakeLoad(good(0), good(0, "HTTP/1.1 503 No")))


async def test_a_refused_answer_of_the_closed_loop_has_no_latency() -> None:
    with serving(refusing) as server:
        host, port = server.url.removeprefix("http://").split(":")
        tally = await closed_loop(host, int(port), ["/"], connections=1, seconds=0.01)
    assert tally.latencies_s == []
    assert set(tally.errors) == {"HTTP/1.1 503 No"}


def test_the_sentence_has_the_capacity_and_the_rate() -> None:
    assert Capacity("/products", 341.5).sentence() == "/products serves 342 requests a second now, so it gets 85."
