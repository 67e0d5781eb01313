"""The catalogue's generator and its seed."""

import asyncpg
import pytest

from services.products import catalogue
from services.products.seed import seed
from tests.services.database import ShopDatabase
from tests.services.products.conftest import PRODUCTS


def test_a_product_is_the_same_in_a_small_and_a_large_catalogue() -> None:
    assert list(catalogue.products(1, 50))[9:20] == list(catalogue.products(10, 20))


def test_products_are_believable() -> None:
    for product in catalogue.products(1, 2000):
        assert product.name.startswith(product.brand)
        assert 50 <= product.price_cents <= 500_000
        assert product.currency == "EUR"
        assert "Oak" not in product.name or product.category == "Furniture" or product.brand == "Oakhaven"


async def test_running_the_seed_again_changes_nothing(shop: ShopDatabase) -> None:
    before = await shop.execute("SELECT sum(hashtext(p::text)), count(*) FROM products.product p")
    assert await seed(shop.url("products"), PRODUCTS) == 0
    assert await seed(shop.url("products"), 10) == 0
    assert await shop.execute("SELECT sum(hashtext(p::text)), count(*) FROM products.product p") == before


async def test_the_seed_leaves_every_index_in_place(shop: ShopDatabase) -> None:
    rows = await shop.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'products'")
    assert {row["indexname"] for row in rows} >= {
        "product_search_shelf_1",
        "product_search_shelf_2",
        "product_search_shelf_3",
        "product_price",
        "product_newest",
        "word_trigrams",
    }


async def test_a_search_reads_the_text_index_only(shop: ShopDatabase) -> None:
    sql = "EXPLAIN SELECT id FROM products.product WHERE search @@ 'lamp'::tsquery AND id <= 10000"
    plan = "\n".join(row[0] for row in await shop.execute(sql))
    assert "product_search_shelf_1" in plan


async def test_another_role_may_not_read_the_catalogue(shop: ShopDatabase) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await shop.execute("SELECT 1 FROM products.product", role="orders")
