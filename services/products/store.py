"""The catalogue as the service sees it: a search, a product, the right words for misspelt ones."""

import re
from typing import Any

from chassis.database import Database
from services.products import cursor
from services.products.model import SearchQuery
from services.products.shape import CANDIDATES, Key, Shape
from services.products.statements import BY_ID, SEARCH

READY = "SELECT key FROM products.cursor_key"

# A word, and the minus before it if there is one.
_WORD = re.compile(r"-?\w+")
_MOST_WORDS = 8
# For each given word that is searched for (stop words are not) the nearest of the catalogue's, if one is near: the
# fewest edits away among those that share most trigrams with it (an index finds them) and those with its first letter,
# which is seldom the one that is wrong.
_CORRECT = """
SELECT given.word AS given, nearest.word AS nearest
FROM unnest($1::text[]) WITH ORDINALITY AS given (word, number)
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
"""


class Found:
    """One page: its products as JSON, how many match (counted to CANDIDATES), and where it ended if more follow."""

    __slots__ = ("corrected", "documents", "more", "position", "total")

    def __init__(self, rows: list[Any], limit: int, corrected: str | None = None) -> None:
        self.total = min(rows[0]["found"], CANDIDATES)
        self.more = rows[0]["found"] > CANDIDATES
        page = [row for row in rows[:limit] if row["id"] is not None]
        self.documents = [row["body"] for row in page]
        self.position: tuple[Key, int] | None = (page[-1]["key"], page[-1]["id"]) if len(rows) > limit else None
        self.corrected = corrected


class Catalogue:
    """Products in PostgreSQL. Holds nothing but the key that signs cursors, which all replicas read from there."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._secret: bytes | None = None

    async def product(self, product_id: int) -> str | None:
        """A product's JSON, or None."""
        row = await self._database.fetchrow(BY_ID.text, *BY_ID.args({"product_id": product_id}))
        return None if row is None else row["body"]

    async def search(self, query: SearchQuery) -> tuple[Found, str | None]:
        """A page and the cursor of the next one. Words that match nothing are corrected, once."""
        shape, arguments = query.shape(), query.arguments()
        if query.cursor is not None:
            place = cursor.decode(shape, query.identity(), query.cursor, await self._key())
            arguments["after_key"], arguments["after_id"] = place
        found = Found(await self._run(shape, arguments), query.limit)
        if shape.words and found.total == 0:
            found = await self._search_corrected(shape, arguments, query) or found
        if found.position is None:
            return found, None
        return found, cursor.encode(shape, query.identity(), found.position, await self._key())

    async def _search_corrected(self, shape: Shape, arguments: dict[str, object], query: SearchQuery) -> Found | None:
        """The search with the nearest words that there are in place of those required; None if that finds nothing."""
        asked = query.q.lower()
        given = [word for word in _WORD.findall(asked) if not word.startswith("-") and word != "or"]
        nearest = {row["given"]: row["nearest"] for row in await self._database.fetch(_CORRECT, given[:_MOST_WORDS])}
        words = _WORD.sub(lambda match: nearest.get(match[0]) or match[0], asked)
        if words == asked:
            return None
        found = Found(await self._run(shape, arguments | {"words": words}), query.limit, words)
        return found if found.total else None

    async def _run(self, shape: Shape, arguments: dict[str, object]) -> list[Any]:
        statement = SEARCH[shape]
        return await self._database.fetch(statement.text, *statement.args(arguments))

    async def _key(self) -> bytes:
        if self._secret is None:
            row = await self._database.fetchrow(READY)
            if row is None:
                raise RuntimeError("products.cursor_key is empty: run the migrate job")
            self._secret = bytes(row["key"])
        return self._secret
