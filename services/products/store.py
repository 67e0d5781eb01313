"""The catalogue in PostgreSQL: search products, get one product, and correct misspelt words.

`Database.execute` (chassis/database.py) executes a statement. `search.py` builds the statement of the search.
"""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Row, bindparam, select, text

from chassis.database import Database
from services.contract import Product, SearchQuery
from services.products import cursor, shape
from services.products.schema import cursor_key, product
from services.products.search import CANDIDATES, SHOWN, search
from services.products.shape import Key, Shape
from services.products.words import readings

READY = select(cursor_key.c.key)

_BY_ID = select(*SHOWN).where(product.c.id == bindparam("product_id", type_=BigInteger))
_PRODUCTS = TypeAdapter(list[Product])
# A word, and the minus in front of it if there is one.
_WORD = re.compile(r"-?\w+")
_MOST_WORDS = 8
# For each word of the search, the nearest word of the catalogue, if one is near. Stop words are left out. Candidates
# share the most trigrams with the word (an index finds them), or have the same first letter, because a typing error is
# seldom in the first letter. The nearest candidate needs the fewest edits.
_NEAREST = text("""
SELECT given.word AS given, nearest.word AS nearest
FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS given (word, number)
LEFT JOIN LATERAL (
    SELECT candidate.word
    FROM (
        (SELECT word, products FROM products.word ORDER BY word.word <-> given.word LIMIT 10)
        UNION
        SELECT word, products FROM products.word WHERE starts_with(word.word, left(given.word, 1))
    ) AS candidate
    WHERE length(to_tsvector('english', given.word)) > 0 AND (
        similarity(candidate.word, given.word) > 0.2
        OR levenshtein(candidate.word, given.word) <= least(2, length(given.word) / 2)
    )
    ORDER BY levenshtein(candidate.word, given.word), similarity(candidate.word, given.word) DESC, products DESC
    LIMIT 1
) AS nearest ON true
ORDER BY number
""")


class Found:
    """One page of products.

    `total` is the number of matches, counted up to CANDIDATES. `end` is the position of the page's last product, None
    on the last page.
    """

    def __init__(self, rows: Sequence[Row[Any]], limit: int, corrected: str | None = None) -> None:
        self.total = min(rows[0].found, CANDIDATES)
        self.capped = rows[0].found > CANDIDATES
        page = [row for row in rows[:limit] if row.id is not None]
        self.products = _PRODUCTS.validate_python(page, from_attributes=True)
        self.end: tuple[Key, int] | None = (page[-1].key, page[-1].id) if len(rows) > limit else None
        self.corrected = corrected


class Catalogue:
    """The products in the database. All replicas sign cursors with the same key, read once from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._secret: bytes | None = None

    async def product(self, product_id: int) -> Product | None:
        row = await self._database.first(_BY_ID, {"product_id": product_id})
        return None if row is None else Product.model_validate(row, from_attributes=True)

    async def search(self, query: SearchQuery) -> tuple[Found, str | None]:
        """A page, and the cursor of the next page. If the words match nothing, searches again with corrected words."""
        search_shape, identity = Shape.of(query), shape.identity(query)
        after: dict[str, object] = {}
        if query.cursor is not None:
            after_key, after_id = cursor.decode(search_shape, identity, query.cursor, await self._key())
            after = {"after_key": after_key, "after_id": after_id}
        found = await self._find(query, search_shape, after)
        if found.end is None:
            return found, None
        return found, cursor.encode(search_shape, identity, found.end, await self._key())

    async def _find(self, query: SearchQuery, search_shape: Shape, after: dict[str, object]) -> Found:
        for words in readings(query.q):
            found = await self._run(query, search_shape, words, after)
            if found.total or not search_shape.words:
                return found
        words = readings(query.q)[0]
        corrected = await self._corrected(words)
        if corrected == words:
            return found
        better = await self._run(query, search_shape, corrected, after, corrected)
        return better if better.total else found

    async def _run(
        self,
        query: SearchQuery,
        search_shape: Shape,
        words: str,
        after: dict[str, object],
        corrected: str | None = None,
    ) -> Found:
        rows = await self._database.execute(search(search_shape), shape.values(query, words) | after)
        return Found(rows, query.limit, corrected)

    async def _corrected(self, words: str) -> str:
        """The words, each required word replaced by the nearest word of the catalogue. Excluded words stay."""
        lower = words.lower()
        required = [word for word in _WORD.findall(lower) if not word.startswith("-") and word != "or"]
        rows = await self._database.execute(_NEAREST, {"words": required[:_MOST_WORDS]})
        nearest = {row.given: row.nearest for row in rows}
        return _WORD.sub(lambda match: nearest.get(match[0]) or match[0], lower)

    async def _key(self) -> bytes:
        if self._secret is None:
            row = await self._database.first(READY)
            if row is None:
                raise RuntimeError("products.cursor_key is empty. Run the migrate job.")
            self._secret = bytes(row.key)
        return self._secret
