"""POST /orders: what is ordered, under which key, and what is refused."""

import json
from datetime import datetime

import pytest
from services.orders.model import OrderRequest

from tests.services.orders.conftest import DOLLAR_PRODUCT, MAX_PRICE_CENTS, Orders, body

PROBLEM = "application/problem+json"


async def test_an_order_copies_todays_prices_and_adds_them_up(orders: Orders) -> None:
    answer = await orders.post(body(2, [(7, 3), (1, 1)]))
    assert answer.status_code == 201
    order = answer.json()
    assert datetime.fromisoformat(order.pop("created_at")).tzinfo is not None
    assert order == {
        "id": 1,
        "customer_id": 2,
        "lines": [
            {"product_id": 7, "quantity": 3, "unit_price_cents": 700},
            {"product_id": 1, "quantity": 1, "unit_price_cents": 100},
        ],
        "total_cents": 2200,
        "currency": "EUR",
    }


async def test_location_leads_to_the_order_from_under_any_prefix(orders: Orders) -> None:
    answer = await orders.post()
    assert answer.headers["Location"] == f"orders/{answer.json()['id']}"
    assert (await orders.http.get(str(answer.url.join(answer.headers["Location"])))).json() == answer.json()


async def test_the_same_key_and_body_give_the_same_order_and_say_so(orders: Orders) -> None:
    first, second = await orders.post(key="k"), await orders.post(key="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.content == first.content
    assert second.headers["Location"] == first.headers["Location"]
    assert await orders.count() == 1


async def test_member_order_and_white_space_do_not_make_another_body(orders: Orders) -> None:
    await orders.post(body(1, [(3, 4)]), key="k")
    same = '{ "lines":\n [{"quantity": 4,  "product_id": 3}], "customer_id": 1 }'
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await orders.http.post("/orders", content=same, headers=headers)
    assert (answer.status_code, answer.headers["Idempotency-Replayed"]) == (201, "true")


@pytest.mark.parametrize(
    "other",
    [body(2), body(1, [(1, 2)]), body(1, [(1, 3), (7, 1)]), body(1, [(7, 1), (1, 2)]), body(99)],
    ids=["another customer", "a line less", "another quantity", "lines turned round", "an unknown customer"],
)
async def test_the_same_key_with_another_body_is_refused(orders: Orders, other: object) -> None:
    await orders.post(body(1), key="k")
    answer = await orders.post(other, key="k")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert "Idempotency-Key" in answer.json()["detail"]
    assert await orders.count() == 1


async def test_two_keys_make_two_orders_of_the_same_body(orders: Orders) -> None:
    first, second = await orders.post(key="k1"), await orders.post(key="k2")
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize(("bare", "quoted"), [("abc-1", '"abc-1"'), ("a\\b", '"a\\\\b"'), ('a"b', '"a\\"b"')])
async def test_a_quoted_key_is_the_same_as_a_bare_one(orders: Orders, bare: str, quoted: str) -> None:
    await orders.post(key=bare)
    assert (await orders.post(key=quoted)).headers["Idempotency-Replayed"] == "true"
    assert await orders.count(bare) == 1


async def test_a_missing_key_is_refused(orders: Orders) -> None:
    answer = await orders.http.post("/orders", json=body())
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize(
    "key", ["", '""', "a" * 256, f'"{"a" * 256}"', '"open', '"a"b', '"a\\b"', "tab\there", "é", "\x7f"]
)
async def test_a_malformed_key_is_refused(orders: Orders, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode())]
    answer = await orders.http.post("/orders", json=body(), headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)


async def test_two_keys_in_one_request_are_refused(orders: Orders) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "a")]
    assert (await orders.http.post("/orders", json=body(), headers=headers)).status_code == 400


@pytest.mark.parametrize("key", ["a", "a" * 255, f'"{"a" * 255}"', "a b", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~"])
async def test_every_key_of_printable_ascii_is_taken(orders: Orders, key: str) -> None:
    assert (await orders.post(key=key)).status_code == 201


@pytest.mark.parametrize(
    ("order", "named"),
    [
        (body(4), "4"),
        (body(1, [(1, 1), (61, 1), (777, 1)]), "61, 777"),
        (body(1, [(1, 1), (DOLLAR_PRODUCT, 1)]), "EUR, USD"),
        (body(2**63 - 1), str(2**63 - 1)),
    ],
    ids=["customer", "products", "currencies", "greatest id"],
)
async def test_what_cannot_be_ordered_is_named_and_leaves_the_key_free(
    orders: Orders, order: object, named: str
) -> None:
    answer = await orders.post(order, key="k")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert named in answer.json()["detail"]
    assert await orders.count() == 0
    assert (await orders.post(body(), key="k")).status_code == 201


async def test_a_product_in_two_lines_is_refused_and_named(orders: Orders) -> None:
    answer = await orders.post(body(1, [(1, 1), (9, 1), (9, 2)]))
    assert answer.status_code == 422
    assert "product 9" in answer.json()["errors"][0]["msg"]


@pytest.mark.parametrize(
    "order",
    [
        body(1, []),
        body(1, [(product, 1) for product in range(1, 52)]),
        body(1, [(1, 0)]),
        body(1, [(1, 100)]),
        body(0),
        body(2**63),
        body(1, [(2**63, 1)]),
        body() | {"total_cents": 1},
        {"customer_id": "1", "lines": [{"product_id": 1, "quantity": 1}]},
        {"customer_id": 1, "lines": [{"product_id": 1.5, "quantity": True}]},
        {"customer_id": 1, "lines": {"product_id": 1, "quantity": 1}},
        {},
        [],
        None,
    ],
)
async def test_a_body_that_is_no_order_is_refused(orders: Orders, order: object) -> None:
    content = json.dumps(order)
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await orders.http.post("/orders", content=content, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    assert await orders.count() == 0


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 30_000, b"9" * 5_000, b'{"customer_id":1e999}', b'"\\ud800"', b"\0"]
)
async def test_a_body_that_is_no_json_is_refused(orders: Orders, content: bytes) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await orders.http.post("/orders", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == PROBLEM


async def test_the_largest_order_does_not_overflow(orders: Orders) -> None:
    answer = await orders.post(body(1, [(product, 99) for product in range(1001, 1051)]))
    assert answer.status_code == 201
    assert answer.json()["total_cents"] == 50 * 99 * MAX_PRICE_CENTS < 2**53


async def test_a_replay_gives_the_price_of_the_first_time_even_after_the_product_is_gone(orders: Orders) -> None:
    first = await orders.post(body(1, [(5, 1)]), key="k")
    await orders.database.execute("UPDATE orders.price_list SET unit_price_cents = 1 WHERE product_id = 5")
    assert (await orders.post(body(1, [(5, 1)]), key="k")).content == first.content
    await orders.database.execute("DELETE FROM orders.price_list WHERE product_id = 5")
    assert (await orders.post(body(1, [(5, 1)]), key="k")).content == first.content


def test_the_fingerprint_is_the_same_in_every_process_and_release() -> None:
    request = OrderRequest.model_validate(body(7, [(1, 2)]))
    assert request.fingerprint().hex() == "d4dc72201ac2f71f9d8dbd216e1702bdcc44c171b736eecb75be41a613ef4392"
