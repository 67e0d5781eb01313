"""GET /products/search: what is found, how it is filtered, sorted and counted."""

from typing import Any

import httpx
import pytest

from services.products.catalogue import Product
from services.products.search import CANDIDATES


async def search(http: httpx.AsyncClient, **query: str | int) -> dict[str, Any]:
    answer = await http.get("/products/search", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids(page: dict[str, Any]) -> list[int]:
    return [product["id"] for product in page["products"]]


async def test_every_word_must_be_found(http: httpx.AsyncClient, all_products: list[Product]) -> None:
    page = await search(http, q="wireless lamp", limit=100)
    expected = {p.id for p in all_products if "Wireless" in p.name and "Lamp" in p.name}
    assert set(ids(page)) == expected
    assert page["total_found"] == len(expected) > 5


async def test_a_search_for_wireless_lamps_shows_wireless_lamps(http: httpx.AsyncClient) -> None:
    page = await search(http, q="wireless lamp")
    assert all("Wireless" in product["name"] and "Lamp" in product["name"] for product in page["products"])


async def test_singular_finds_plural_and_the_other_way_round(http: httpx.AsyncClient) -> None:
    assert ids(await search(http, q="desk lamps")) == ids(await search(http, q="desk lamp"))


async def test_a_quoted_phrase_and_a_minus_are_understood(http: httpx.AsyncClient, all_products: list[Product]) -> None:
    page = await search(http, q='"reading lamp" -black', limit=100)
    expected = {p.id for p in all_products if "Reading Lamp" in p.name and "Black" not in p.name}
    assert set(ids(page)) == expected


async def test_a_match_in_the_name_ranks_above_one_in_the_description(http: httpx.AsyncClient) -> None:
    names = [product["name"] for product in (await search(http, q="desk", limit=100))["products"]]
    in_name = ["Desk" in name for name in names]
    assert any(in_name)
    assert in_name == sorted(in_name, reverse=True)


@pytest.mark.parametrize("q", ["", "   "])
async def test_without_words_the_most_popular_products_come_first(http: httpx.AsyncClient, q: str) -> None:
    page = await search(http, q=q, limit=5)
    assert ids(page) == [1, 2, 3, 4, 5]
    assert page["total_capped"] is True


async def test_category_and_brand_are_exact_but_for_case(http: httpx.AsyncClient, all_products: list[Product]) -> None:
    page = await search(http, category="LIGHTING", brand="bolt & beam", limit=100)
    assert set(ids(page)) == {p.id for p in all_products if (p.category, p.brand) == ("Lighting", "Bolt & Beam")}
    assert ids(await search(http, category="Light")) == []


@pytest.mark.parametrize("brand", ["'", "\\", "\\'", "' | 'brand=zephyr", "a & b", "%", "🦆"])
async def test_a_brand_is_never_read_as_a_query(http: httpx.AsyncClient, brand: str) -> None:
    assert (await search(http, brand=brand))["total_found"] == 0


async def test_prices_are_limited_in_units_of_the_currency(
    http: httpx.AsyncClient, all_products: list[Product]
) -> None:
    page = await search(http, q="lamp", min_price="19.95", max_price="20", limit=100)
    expected = {p.id for p in all_products if "Lamp" in p.name and 1995 <= p.price_cents <= 2000}
    assert set(ids(page)) == expected != set()


@pytest.mark.parametrize(
    ("sort", "key", "backwards"),
    [
        ("price_asc", lambda p: (p.price_cents, p.id), False),
        ("price_desc", lambda p: (p.price_cents, p.id), True),
        ("newest", lambda p: (p.created_at, p.id), True),
    ],
)
@pytest.mark.parametrize("words", ["brass lantern", "black or white", ""])
async def test_a_sort_is_exact_whether_few_or_many_match(
    http: httpx.AsyncClient, all_products: list[Product], sort: str, key: Any, backwards: bool, words: str
) -> None:
    matches = {
        "brass lantern": lambda p: "Brass Lantern" in p.name,
        "black or white": lambda p: "Black" in p.name or "White" in p.name,
        "": lambda p: True,
    }[words]
    expected = sorted(filter(matches, all_products), key=key, reverse=backwards)
    page = await search(http, q=words, sort=sort, limit=50)
    assert ids(page) == [p.id for p in expected[:50]]


async def test_a_count_beyond_the_cap_is_said_to_be_capped(http: httpx.AsyncClient) -> None:
    many = await search(http, q="black or white")
    assert (many["total_found"], many["total_capped"]) == (CANDIDATES, True)
    few = await search(http, q="black lantern")
    assert few["total_found"] < CANDIDATES
    assert few["total_capped"] is False


@pytest.mark.parametrize("q", ["wirless lapm", "Wireles lmap", "wireless lammp", "wirelss lmp"])
async def test_misspelt_words_still_find(http: httpx.AsyncClient, q: str) -> None:
    page = await search(http, q=q)
    assert page["corrected_query"] == "wireless lamp"
    assert ids(page) == ids(await search(http, q="wireless lamp"))


async def test_a_correction_keeps_what_was_excluded_quoted_or_alternative(http: httpx.AsyncClient) -> None:
    excluded = await search(http, q="headphnes -wireless")
    assert excluded["corrected_query"] == "headphones -wireless"
    assert not any("Wireless" in product["name"] for product in excluded["products"])
    assert (await search(http, q='"raeding lamp"'))["corrected_query"] == '"reading lamp"'
    assert (await search(http, q="lmap or kettel"))["corrected_query"] == "lamp or kettle"


@pytest.mark.parametrize("q", ["the", "of", "zzzzqqq", "-", '"', "(((", "!!", "a:*", "\\", "' or 1=1 --", "🦆"])
async def test_words_that_nothing_is_like_find_nothing(http: httpx.AsyncClient, q: str) -> None:
    page = await search(http, q=q)
    assert (page["products"], page["total_found"], page["next_cursor"]) == ([], 0, None)


async def test_a_product_is_the_same_alone_and_in_a_search(
    http: httpx.AsyncClient, all_products: list[Product]
) -> None:
    [shown] = (await search(http, limit=1))["products"]
    assert (await http.get("/products/1")).json() == shown
    first = all_products[0]
    assert (shown["name"], shown["price_cents"], shown["currency"]) == (first.name, first.price_cents, "EUR")


async def test_a_product_that_is_not_there_is_a_problem(http: httpx.AsyncClient) -> None:
    answer = await http.get("/products/999999999")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"sort": "random()"},
        {"min_price": "-1"},
        {"min_price": "NaN"},
        {"max_price": "1e400"},
        {"max_price": "1.999"},
        {"min_price": "5", "max_price": "4"},
        {"q": "a" * 201},
        {"category": ""},
        {"colour": "black"},
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(http: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await http.get("/products/search", params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"]
