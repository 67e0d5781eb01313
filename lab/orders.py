"""Whether orders were lost or doubled: every key that was sent is asked for again, and the customers' orders counted.

An order that was accepted and is then placed anew for the same key had been lost. More orders than keys: one is double.
"""

import asyncio
import json
from collections import defaultdict

import aiohttp

from lab.mix import CUSTOMERS

_PAGE = 100
_AT_ONCE = 10
_TRIES = 5
_TIMEOUT_S = 10.0


class OrderBook:
    """Hears of every order that was sent (`note`), and audits the shop when the load is over."""

    def __init__(self, url: str, tries: int = _TRIES) -> None:
        self._url = url
        self._tries = tries
        self._sent: dict[str, str] = {}
        self._accepted: dict[str, set[int]] = defaultdict(set)
        self._before: int | None = None

    def note(self, key: str, body: str, order_id: int | None) -> None:
        """An order was sent with this key; it was accepted if it has an id."""
        self._sent[key] = body
        if order_id is not None:
            self._accepted[key].add(order_id)

    async def open(self) -> None:
        """Count what is there before."""
        async with self._session() as session:
            self._before = await self._count(session)

    async def audit(self) -> dict[str, float]:
        """`orders_accepted`, `orders_lost` and `orders_doubled`; raises where the shop does not answer."""
        accepted = len(self._accepted)
        lost = 0
        limit = asyncio.Semaphore(_AT_ONCE)

        async def again(session: aiohttp.ClientSession, key: str, body: str) -> bool:
            """Ask once more; whether it had been accepted, and now was placed anew."""
            async with limit:
                status, replayed, answer = await self._post(session, key, body)
            if status != 201:
                return key in self._accepted
            known = bool(self._accepted[key])
            self._accepted[key].add(int(json.loads(answer)["id"]))
            return known and not replayed

        async with self._session() as session:
            lost = sum(await asyncio.gather(*(again(session, key, body) for key, body in self._sent.items())))
            there = await self._count(session)
        assert self._before is not None, "open() comes first"
        return {
            "orders_accepted": accepted,
            "orders_lost": lost,
            # A key that could not be placed has no order, and must not make up for one that has two.
            "orders_doubled": max(0, there - self._before - sum(map(bool, self._accepted.values()))),
        }

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(self._url, timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))

    async def _post(self, session: aiohttp.ClientSession, key: str, body: str) -> tuple[int, bool, bytes]:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        status, replayed, content = 0, False, b""
        for _ in range(self._tries):
            async with session.post("/api/orders", data=body, headers=headers) as answer:
                status, replayed = answer.status, answer.headers.get("Idempotency-Replayed") == "true"
                content = await answer.read()
            if status == 201:
                break
            await asyncio.sleep(0.5)
        return status, replayed, content

    async def _count(self, session: aiohttp.ClientSession) -> int:
        """The orders of all the customers for whom the load orders."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def of(customer: int) -> int:
            count, cursor = 0, ""
            async with limit:
                while True:
                    query = {"customer_id": str(customer), "limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
                    async with session.get("/api/orders", params=query) as answer:
                        answer.raise_for_status()
                        page = await answer.json()
                    count += len(page["orders"])
                    cursor = page["next_cursor"] or ""
                    if not cursor:
                        return count

        return sum(await asyncio.gather(*(of(customer) for customer in range(1, CUSTOMERS + 1))))
