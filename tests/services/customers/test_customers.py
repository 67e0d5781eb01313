"""GET /customers/{id}."""

from datetime import datetime, timedelta

import httpx
import pytest

from services.contract import MAX_ID
from tests.services.database import ShopDatabase

PROBLEM = "application/problem+json"


async def test_a_customer_is_answered_as_stored(http: httpx.AsyncClient, people: ShopDatabase) -> None:
    answer = await http.get("/customers/7")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    stored = dict((await people.execute("SELECT * FROM customers.customer WHERE id = 7"))[0])
    found = answer.json()
    assert list(found) == ["id", "name", "email", "city", "country", "created_at"]
    assert found | {"created_at": datetime.fromisoformat(found["created_at"])} == stored


async def test_the_time_is_utc_whatever_the_role_was_given(http: httpx.AsyncClient, people: ShopDatabase) -> None:
    await people.execute("ALTER ROLE customers SET timezone = 'Asia/Kolkata'")
    try:
        answer = await http.get("/customers/1")
        assert datetime.fromisoformat(answer.json()["created_at"]).utcoffset() == timedelta(0)
    finally:
        await people.execute("ALTER ROLE customers RESET timezone")


@pytest.mark.parametrize("customer_id", [51, MAX_ID])
async def test_a_customer_who_is_not_there_is_a_404_problem(http: httpx.AsyncClient, customer_id: int) -> None:
    answer = await http.get(f"/customers/{customer_id}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)
    assert str(customer_id) in answer.json()["detail"]


@pytest.mark.parametrize("wrong", ["0", "-1", str(2**63), "9" * 5000, "1.5", "1e3", "abc", "%F0%9F%9B%92", "1'--"])
async def test_an_id_that_is_none_is_a_422_problem(http: httpx.AsyncClient, wrong: str) -> None:
    answer = await http.get(f"/customers/{wrong}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)


async def test_a_customer_cannot_be_changed_from_here(http: httpx.AsyncClient) -> None:
    answer = await http.delete("/customers/7")
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["Allow"]) == (405, PROBLEM, "GET")
