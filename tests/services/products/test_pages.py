"""Pages: keyset cursors that lose and repeat nothing, and that nobody can forge."""

import asyncio
import base64
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.contract import Sort
from services.products import cursor
from services.products.shape import Shape
from tests.services.products.test_search import ids, search

SECRET = b"k" * 32


async def pages(http: httpx.AsyncClient, **query: str | int) -> list[dict[str, Any]]:
    """All pages of a search, to the last."""
    found = [await search(http, **query)]
    while cursor_of_next := found[-1]["next_cursor"]:
        found.append(await search(http, **query, cursor=cursor_of_next))
    return found


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("query", [{"q": "lamp", "max_price": 40}, {"category": "lighting", "min_price": 100}])
async def test_pages_together_are_the_whole_result_once(
    http: httpx.AsyncClient, sort: Sort, query: dict[str, Any]
) -> None:
    found = await pages(http, **query, sort=sort, limit=7)
    every = [product_id for page in found for product_id in ids(page)]
    assert len(every) == len(set(every)) == found[0]["total_found"] > 7
    assert every[:100] == ids(await search(http, **query, sort=sort, limit=100))
    assert {page["total_found"] for page in found} == {len(every)}


async def test_a_ranked_broad_search_ends_at_the_cap(http: httpx.AsyncClient) -> None:
    found = await pages(http, q="black or white", limit=100)
    assert len(found[-1]["products"]) <= 100
    assert sum(len(page["products"]) for page in found) in (1000, 1001)


async def test_a_broad_search_by_price_goes_on_beyond_the_cap(http: httpx.AsyncClient) -> None:
    found = await pages(http, q="black or white", sort="price_asc", limit=100)
    assert sum(len(page["products"]) for page in found) > 1001


async def test_corrected_searches_have_pages_too(http: httpx.AsyncClient) -> None:
    found = await pages(http, q="wirless lapm", limit=5)
    assert [ids(page) for page in found] == [ids(page) for page in await pages(http, q="wireless lamp", limit=5)]


@pytest.mark.parametrize("other", [{"q": "chair"}, {"q": "lamp", "sort": "newest"}, {"q": "lamp", "min_price": 1}])
async def test_a_cursor_serves_no_other_search(http: httpx.AsyncClient, other: dict[str, str]) -> None:
    token = (await search(http, q="lamp"))["next_cursor"]
    answer = await http.get("/products/search", params={**other, "cursor": token})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["x", "AAAA", "====", "é", "-" * 200, "A" * 43, "'; drop table product; --"])
async def test_a_made_up_cursor_is_refused(http: httpx.AsyncClient, token: str) -> None:
    assert (await http.get("/products/search", params={"cursor": token})).status_code == 400


async def test_replicas_accept_each_others_cursors(http: httpx.AsyncClient) -> None:
    token = (await search(http, q="lamp"))["next_cursor"]
    answers = await asyncio.gather(*(search(http, q="lamp", cursor=token) for _ in range(3)))
    assert len({str(ids(answer)) for answer in answers}) == 1


@given(st.floats(0, 1), st.integers(1, 2**63 - 1), st.integers(0, 39), st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_cursor_comes_back_as_it_went_and_no_bit_of_it_may_change(
    rank: float, product_id: int, byte: int, bit: int
) -> None:
    shape = Shape(Sort.RELEVANCE, words=True)
    token = cursor.encode(shape, b"search", (rank, product_id), SECRET)
    assert cursor.decode(shape, b"search", token, SECRET) == (rank, product_id)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[byte % len(raw)] ^= 1 << bit
    forged = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(Exception, match="cursor"):
        cursor.decode(shape, b"search", forged, SECRET)
