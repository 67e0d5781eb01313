"""Orders while everything that they pass through is killed: none lost after a 201, none doubled."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from uuid import uuid4

import aiohttp
import pytest

from lab.hands import patiently
from stack.runtime import Runtime
from stack.settings import StackSettings
from tests.stack.conftest import RateOf
from tests.stack.ledger import orders_by_key

MAX_RATE = 50
_ORDER = {"customer_id": 7, "lines": [{"product_id": 1, "quantity": 2}, {"product_id": 3, "quantity": 1}]}
_GIVE_UP_S = 60.0

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("punctual")]


class Shoppers:
    """`rate` shoppers a second place one order each, and repeat it with the same key until it is accepted."""

    def __init__(self, session: aiohttp.ClientSession, url: str, rate: float) -> None:
        self._session = session
        self._rate = rate
        self._url = f"{url}/api/orders"
        self.sent: list[str] = []
        self.taken: list[tuple[str, int]] = []
        self.answers: Counter[int] = Counter()

    async def come(self) -> None:
        """Come one after the other until cancelled; those who came still finish."""
        started_s = monotonic()
        async with asyncio.TaskGroup() as shoppers:
            try:
                while True:
                    await asyncio.sleep(max(0.0, started_s + len(self.sent) / self._rate - monotonic()))
                    key = str(uuid4())
                    self.sent.append(key)
                    shoppers.create_task(self._order(key))
                    if len(self.sent) % 10 == 0:  # some click twice
                        shoppers.create_task(self._order(key))
            except asyncio.CancelledError:
                return

    async def _order(self, key: str) -> None:
        give_up_s = monotonic() + _GIVE_UP_S
        while monotonic() < give_up_s:
            try:
                async with self._session.post(self._url, json=_ORDER, headers={"Idempotency-Key": key}) as answer:
                    self.answers[answer.status] += 1
                    if answer.status == 201:
                        self.taken.append((key, (await answer.json())["id"]))
                        return
            except (aiohttp.ClientError, TimeoutError):
                self.answers[0] += 1
            await asyncio.sleep(0.2)


@asynccontextmanager
async def shopping(url: str, rate: float) -> AsyncIterator[Shoppers]:
    """Shoppers come while the block runs. When it ends, each has an accepted order or has given up."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        shoppers = Shoppers(session, url, rate)
        coming = asyncio.create_task(shoppers.come())
        try:
            yield shoppers
        finally:
            coming.cancel()
            await coming


async def _taken_more(shoppers: Shoppers, count: int) -> None:
    """Wait until so many more orders were taken."""
    enough = len(shoppers.taken) + count
    async with asyncio.timeout(_GIVE_UP_S):
        while len(shoppers.taken) < enough:
            await asyncio.sleep(0.05)


async def test_every_order_that_was_taken_is_in_the_database_exactly_once(
    stack_runtime: Runtime, local_settings: StackSettings, rate_of: RateOf
) -> None:
    rate = min(MAX_RATE, await rate_of(stack_runtime))
    url = (await patiently(stack_runtime.status)).url
    before = set(await orders_by_key(stack_runtime, local_settings))

    async with shopping(url, rate) as shoppers:
        await _taken_more(shoppers, 50)
        for target in ("orders", "gateway", "postgres"):
            await patiently(stack_runtime.kill, target)
            if stack_runtime.name == "docker":
                await patiently(stack_runtime.start, target)
            await _taken_more(shoppers, 50)

    there = [order for order in await orders_by_key(stack_runtime, local_settings) if order not in before]
    assert {key for key, _ in shoppers.taken} == set(shoppers.sent), "somebody was never told that the order was taken"
    assert set(there) == set(shoppers.taken)
    assert max(Counter(key for key, _ in there).values()) == 1
    assert sum(count for status, count in shoppers.answers.items() if status != 201) > 0, "nothing was felt"
