"""One key, one order: under concurrent duplicates, cancellation and broken connections."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.database import ShopDatabase
from tests.services.orders.breaking_proxy import breaking_proxy
from tests.services.orders.conftest import Orders, body, orders_at

_WAITING = "SELECT pid FROM pg_stat_activity WHERE usename = 'orders' AND wait_event_type = 'Lock'"
_BUSY = "SELECT pid FROM pg_stat_activity WHERE usename = 'orders' AND state <> 'idle'"
_BROKEN_COMMIT = """
CREATE FUNCTION orders.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full; END $$;
CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON orders."order"
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders.fail();
"""
_WITHOUT_LINES = """
SELECT id FROM orders."order" WHERE NOT EXISTS (SELECT FROM orders.order_line WHERE order_id = "order".id)
"""


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until the condition holds; fail after a minute."""
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.005)


async def waits_for_a_lock(orders: Orders) -> bool:
    return bool(await orders.database.execute(_WAITING))


async def is_idle(orders: Orders) -> bool:
    return not await orders.database.execute(_BUSY)


@asynccontextmanager
async def another_writer(orders: Orders, key: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection in whose open transaction there is an order with this key."""
    connection = await asyncpg.connect(orders.database.url())
    try:
        await connection.execute("BEGIN")
        order_id = await connection.fetchval(
            'INSERT INTO orders."order" (idempotency_key, fingerprint, customer_id, currency, total_cents)'
            " VALUES ($1, sha256('other'), 1, 'EUR', 100) RETURNING id",
            key,
        )
        await connection.execute("INSERT INTO orders.order_line VALUES ($1, 1, 1, 1, 100)", order_id)
        yield connection
    finally:
        await connection.close()


async def test_a_hundred_concurrent_duplicates_make_one_order(orders: Orders) -> None:
    answers = await asyncio.gather(*(orders.post(key="k") for _ in range(100)))
    assert Counter(answer.status_code for answer in answers) == {201: 100}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert await orders.count() == 1


async def test_concurrent_bodies_under_one_key_make_one_order_and_refuse_the_others(orders: Orders) -> None:
    bodies = [body(1, [(product, 1)]) for product in (1, 2)] * 20
    answers = await asyncio.gather(*(orders.post(order, key="k") for order in bodies))
    assert Counter(answer.status_code for answer in answers) == {201: 20, 422: 20}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert await orders.count() == 1


async def test_a_duplicate_waits_and_takes_the_place_of_a_first_that_rolls_back(orders: Orders) -> None:
    async with another_writer(orders, "k") as first:
        waiting = asyncio.create_task(orders.post(key="k"))
        await until(lambda: waits_for_a_lock(orders))
        await first.execute("ROLLBACK")
    answer = await waiting
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    assert await orders.count("k") == 1


async def test_a_duplicate_waits_and_sees_the_order_of_a_first_that_commits(orders: Orders) -> None:
    async with another_writer(orders, "k") as first:
        waiting = asyncio.create_task(orders.post(key="k"))
        await until(lambda: waits_for_a_lock(orders))
        await first.execute("COMMIT")
    assert (await waiting).status_code == 422  # the first had another body
    assert await orders.count("k") == 1


async def test_a_first_that_never_ends_costs_its_duplicate_a_timeout_and_no_order(orders: Orders) -> None:
    async with another_writer(orders, "k"):
        answer = await orders.post(key="k")
        assert answer.status_code == 504
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert int(answer.headers["Retry-After"]) >= 1
        await until(lambda: is_idle(orders))
    assert await orders.count("k") == 0
    assert (await orders.post(key="k")).status_code == 201


@pytest.mark.parametrize("steps", range(0, 60, 4))
async def test_a_request_cancelled_after_any_step_leaves_the_whole_order_or_nothing(orders: Orders, steps: int) -> None:
    await orders.post()  # the connection is open, so that the steps reach into the statement
    request = asyncio.create_task(orders.post(key="k"))
    for _ in range(steps):
        await asyncio.sleep(0)
    request.cancel()
    await asyncio.wait([request])
    await until(lambda: is_idle(orders))
    before = await orders.count("k")
    assert not await orders.database.execute(_WITHOUT_LINES)
    answer = await orders.post(key="k")
    assert answer.status_code == 201
    # What was sent before the cancellation may come in after the look at the database, but is never made twice.
    assert "Idempotency-Replayed" in answer.headers or before == 0
    assert await orders.count("k") == 1


async def test_a_request_cancelled_while_it_waits_for_its_duplicate_leaves_nothing(orders: Orders) -> None:
    async with another_writer(orders, "k"):
        request = asyncio.create_task(orders.post(key="k"))
        await until(lambda: waits_for_a_lock(orders))
        request.cancel()
        await asyncio.wait([request])
        await until(lambda: is_idle(orders))
    assert await orders.count("k") == 0


async def test_a_commit_that_fails_is_no_201(orders: Orders) -> None:
    """The statement itself succeeds; only PostgreSQL's word after the commit may be believed."""
    await orders.database.run(_BROKEN_COMMIT)
    try:
        answer = await orders.post(key="k")
    finally:
        await orders.database.run("DROP FUNCTION orders.fail() CASCADE")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert await orders.count() == 0
    assert (await orders.post(key="k")).status_code == 201


async def test_connections_that_break_cost_no_order_and_double_none(orders: Orders) -> None:
    """Each broken request is a 5xx; tried again with its key, it ends as exactly one order."""
    keys = [f"k{number}" for number in range(60)]
    placed: dict[str, bytes] = {}

    async def customer(key: str) -> None:
        while key not in placed:
            answer = await orders.post(key=key)
            assert answer.status_code in {201, 503, 504}
            if answer.status_code == 201:
                placed[key] = answer.content
            else:
                await asyncio.sleep(0.02)  # a client's back-off, or sixty of them would take the event loop

    async def breaker() -> None:
        for _ in range(40):
            await orders.database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'orders' LIMIT 2"
            )

    async with asyncio.timeout(60):
        await asyncio.gather(breaker(), *map(customer, keys))
    assert await orders.count() == len(keys)
    for key, content in placed.items():
        assert (await orders.post(key=key)).content == content


Attempt = tuple[str, int]
"""A key and the number of a body."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3)), max_size=8), max_size=6))
async def test_any_interleaving_leaves_one_order_a_key(orders: Orders, batches: list[list[Attempt]]) -> None:
    """Attempts of one batch run at once, batches one after the other."""
    run = uuid4()
    contents: dict[str, set[bytes]] = {}
    bodies: dict[str, set[int]] = {}
    for batch in batches:
        answers = await asyncio.gather(*(orders.post(body(1, [(number, 1)]), f"{key}{run}") for key, number in batch))
        for (key, number), answer in zip(batch, answers, strict=True):
            if answer.status_code == 201:
                contents.setdefault(key, set()).add(answer.content)
                bodies.setdefault(key, set()).add(number)
            else:
                assert answer.status_code == 422
    used = {key for batch in batches for key, _ in batch}
    assert {key: len(found) for key, found in contents.items()} == dict.fromkeys(used, 1)
    assert {key: len(found) for key, found in bodies.items()} == dict.fromkeys(used, 1)
    for key in used:
        assert await orders.count(f"{key}{run}") == 1


async def test_an_order_that_is_new_but_was_sent_on_two_connections_is_not_a_replay(empty_shop: ShopDatabase) -> None:
    async with breaking_proxy(empty_shop.url()) as proxy:
        url = f"postgresql://orders:secret@127.0.0.1:{proxy.port}/afloat"
        async with orders_at(url, empty_shop) as orders:
            await orders.post()  # opens the connection and prepares the statement
            proxy.lose_next_answer()
            answer = await orders.post(key="k")
            assert (answer.status_code, "Idempotency-Replayed" in answer.headers) == (201, False)
            again = await orders.post(key="k")
            assert (again.content, again.headers["Idempotency-Replayed"]) == (answer.content, "true")
            assert await orders.count("k") == 1


async def test_a_second_attempt_of_one_call_is_not_a_replay_and_a_second_call_is(orders: Orders) -> None:
    call = {"X-Call-Id": str(uuid4()), "Idempotency-Key": "k"}
    first, second = [await orders.http.post("/orders", json=body(), headers=call) for _ in range(2)]
    assert first.content == second.content
    assert "Idempotency-Replayed" not in second.headers
    assert "Idempotency-Replayed" in (await orders.post(key="k")).headers
