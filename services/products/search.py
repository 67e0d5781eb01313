"""The SQL of the search: full text, filters, sorting and keyset pages. Its cost does not grow with the matches.

A common word ("black") matches a fixed share of any catalogue, so the number of matches that are read needs a limit.
Product ids are in the order of popularity, and the text index is split into shelves, each ten times as large as the one
before (`schema.SHELF_ENDS`). A search collects candidates shelf by shelf and stops at CANDIDATES, so PostgreSQL does
not read the later shelves. If there are fewer matches, all of them are counted and sorted. If there are more, the most
popular ones are ranked, and the count is capped. This is the early termination of an impact-ordered index: Zobel and
Moffat, Inverted Files for Text Search Engines, 2006.

If a capped search is sorted by price or age, it reads the index of that order and stops when the page is full. This is
quick, because every few rows there is a match.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP, TSQUERY

from services.contract import MAX_COUNTED, Sort
from services.products.schema import SHELF_ENDS, product
from services.products.shape import Shape

CANDIDATES = MAX_COUNTED
"""The largest number of matches that are counted and ranked."""

SHOWN = [product.c[name] for name in ("id", "name", "brand", "category", "description")]
SHOWN += [product.c[name] for name in ("price_cents", "currency", "created_at")]

_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")
_CAP: ColumnElement[int] = literal_column(str(CANDIDATES))
_CAP_AND_ONE: ColumnElement[int] = literal_column(str(CANDIDATES + 1))


@cache
def search(shape: Shape) -> Select[Any]:
    """The statement of a search with this shape.

    Parameters: `rows` (the largest number of rows) and, if the shape has them, `words`, `labels`, `min_price`,
    `max_price` (cents), `after_key` and `after_id` (the last product of the page before). Each row has `found` (the
    number of matches, at most CANDIDATES + 1), the sort `key`, and the columns of a product. If nothing matches, there
    is one row whose `id` is NULL.
    """
    query = _query(shape).cte("query")
    candidates = _candidates(shape, query).cte("candidates").prefix_with("MATERIALIZED")
    tally = select(func.count().label("found")).select_from(candidates).cte("tally")
    found = select(tally.c.found).scalar_subquery()
    page = _page(shape, query, candidates, found).subquery("page")
    # One lookup for each row. The planner does not know that a page has few rows. Without the limit, it would join the
    # page with the whole catalogue.
    shown = select(*SHOWN).where(product.c.id == page.c.id).limit(literal_column("1")).lateral("shown")
    rows = select(page.c.key, *shown.c).select_from(page.join(shown, true())).subquery("rows")
    order = _order(shape, rows.c.key, rows.c.id)
    return select(tally.c.found, rows).select_from(tally.join(rows, true(), isouter=True)).order_by(*order)


def _query(shape: Shape) -> Select[Any]:
    """The tsquery, computed once."""
    words = func.websearch_to_tsquery(_ENGLISH, bindparam("words", type_=Text))
    exact = cast(cast(bindparam("labels"), Text), TSQUERY)
    if shape.words and shape.labels:
        return select(words.op("&&")(exact).label("q"))
    return select((words if shape.words else exact if shape.labels else null()).label("q"))


def _filters(shape: Shape, query: CTE) -> list[ColumnElement[bool]]:
    """The conditions that a product must meet."""
    filters: list[ColumnElement[bool]] = []
    if shape.words or shape.labels:
        filters.append(product.c.search.op("@@")(select(query.c.q).scalar_subquery()))
    if shape.min_price:
        filters.append(product.c.price_cents >= bindparam("min_price", type_=Integer))
    if shape.max_price:
        filters.append(product.c.price_cents <= bindparam("max_price", type_=Integer))
    return filters


def _candidates(shape: Shape, query: CTE) -> Select[Any]:
    """The first CANDIDATES matches, and one more if there are more."""
    columns = [product.c.id, _key(shape, query).label("key")]
    filters = _filters(shape, query)
    if shape.words or shape.labels:
        shelves = [select(*columns).where(*filters, ids) for ids in _shelves()]
        return select(union_all(*shelves).subquery("shelves")).limit(_CAP_AND_ONE)
    return select(*columns).where(*filters).limit(_CAP_AND_ONE)


def _shelves() -> list[ColumnElement[bool]]:
    """The predicates of the partial indexes. They must be the same as in `schema.py`, or PostgreSQL uses no index."""
    first, second = (literal_column(str(end), BigInteger) for end in SHELF_ENDS)
    ids = product.c.id
    return [ids <= first, and_(ids > first, ids <= second), ids > second]


def _page(shape: Shape, query: CTE, candidates: CTE, found: ColumnElement[int]) -> Select[Any]:
    """The page's products. They come from the candidates if those are ranked or are all matches.

    Otherwise they come from the index of the sort order.
    """
    few = select(candidates.c.key, candidates.c.id).where(*_after(shape, candidates.c.key, candidates.c.id))
    few = few.order_by(*_order(shape, candidates.c.key, candidates.c.id)).limit(bindparam("rows", type_=Integer))
    if shape.ranked:
        return few
    key = _key(shape, query)
    many = (
        select(key.label("key"), product.c.id)
        .where(*_filters(shape, query), *_after(shape, key, product.c.id), found > _CAP)
        .order_by(*_order(shape, key, product.c.id))
        .limit(bindparam("rows", type_=Integer))
    )
    both = union_all(few.where(found <= _CAP).subquery().select(), many.subquery().select()).subquery()
    return select(both)


def _key(shape: Shape, query: CTE) -> ColumnElement[Any]:
    match shape.sort:
        case Sort.PRICE_ASC | Sort.PRICE_DESC:
            return product.c.price_cents
        case Sort.NEWEST:
            return product.c.created_at
        case Sort.RELEVANCE if shape.words:
            return cast(func.ts_rank(product.c.search, select(query.c.q).scalar_subquery()), Float(53))
        case _:
            return product.c.id


def _order(shape: Shape, key: ColumnElement[Any], row_id: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    if shape.sort in (Sort.PRICE_DESC, Sort.NEWEST):
        return [key.desc(), row_id.desc()]
    return [key.desc(), row_id] if shape.ranked else [key, row_id]


def _after(shape: Shape, key: ColumnElement[Any], row_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """The keyset condition: only products after the last one of the page before."""
    if not shape.after:
        return []
    types = {Sort.NEWEST: TIMESTAMP(timezone=True), Sort.RELEVANCE: Float(53) if shape.words else BigInteger()}
    last_key = cast(bindparam("after_key"), types.get(shape.sort, Integer()))
    last_id = cast(bindparam("after_id"), BigInteger)
    if shape.ranked:
        return [or_(key < last_key, and_(key == last_key, row_id > last_id))]
    if shape.sort in (Sort.PRICE_DESC, Sort.NEWEST):
        return [tuple_(key, row_id) < tuple_(last_key, last_id)]
    return [tuple_(key, row_id) > tuple_(last_key, last_id)]
