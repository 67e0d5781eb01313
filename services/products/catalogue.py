"""The generated catalogue: realistic products. An id is the same product on every machine.

Each product has its own random generator, seeded with the product's id. So a larger catalogue contains all products of
a smaller one.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_SEED = 20261124
_CURRENCY = "EUR"
_NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
_OLDEST_DAYS = 3 * 365
_PRICE_SPREAD = 0.5  # sigma of the log-normal price


class Product(NamedTuple):
    """One row of `products.product`. Ids are in the order of popularity: product 1 sells best."""

    id: int
    name: str
    brand: str
    category: str
    description: str
    price_cents: int
    currency: str
    created_at: datetime


def products(first_id: int, last_id: int) -> Iterator[Product]:
    """Products `first_id` to `last_id`, both included."""
    with (Path(__file__).parent / "catalogue.toml").open("rb") as file:
        stock = tomllib.load(file)
    for product_id in range(first_id, last_id + 1):
        yield _product(product_id, stock)


def _product(product_id: int, stock: dict[str, Any]) -> Product:
    draw = Random(_SEED * 10_000_000 + product_id)
    category = draw.choice(stock["categories"])
    brand, colour = draw.choice(stock["brands"]), draw.choice(stock["colours"])
    noun, feature = draw.choice(category["nouns"]), draw.choice(category["features"])
    model = f"{draw.choice(stock['series'])} {draw.randrange(10, 1000)}"
    return Product(
        id=product_id,
        name=f"{brand} {model} {feature} {noun}, {colour}",
        brand=brand,
        category=category["name"],
        description=f"{_article(feature)} {feature.lower()} {noun.lower()} for {draw.choice(category['uses'])}.",
        price_cents=_price_cents(draw, category["price"]),
        currency=_CURRENCY,
        created_at=_NEWEST - timedelta(seconds=draw.randrange(_OLDEST_DAYS * 86_400)),
    )


def _article(word: str) -> str:
    return "An" if word[0] in "AEIOU" and not word.startswith(("US", "Un")) else "A"


def _price_cents(draw: Random, typical: int) -> int:
    """A price just below a whole amount, spread around the typical one."""
    return max(2, round(typical * draw.lognormvariate(0, _PRICE_SPREAD))) * 100 - draw.choice((1, 5, 10, 100))
