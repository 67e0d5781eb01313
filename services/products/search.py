"""The SQL of the search: full text, filters, sorts and keyset pages, at a cost that does not grow with the matches.

A broad word ("black") matches a share of any catalogue, so its cost must be bounded by something else. Products are
numbered by popularity, and the text index is cut in shelves, each ten times the one before (`schema.SHELF_ENDS`). A
search collects candidates shelf by shelf and stops at CANDIDATES: the further shelves are never read. Few matches are
therefore counted and sorted exactly; of many, the most popular ones are ranked, and the count is said to be capped.
It is the early termination of an impact-ordered index: Zobel and Moffat, Inverted Files for Text Search Engines, 2006.

Sorted by price or age, a capped search walks the index of that order instead, and stops when the page is full: matches
are so frequent then that it need not walk far.

The service runs what `make statements` has written of it.
"""

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

from chassis.sql import json_object, statement
from chassis.statements import Statement
from services.products.schema import SHELF_ENDS, product
from services.products.shape import CANDIDATES, Shape, Sort, shapes

_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")
_C = product.c
_SHOWN = ("id", "name", "brand", "category", "description", "price_cents", "currency", "created_at")
_DOCUMENT = cast(json_object(**{name: _C[name] for name in _SHOWN}), Text).label("body")


def statements() -> dict[str, Statement]:
    """What `statements.sql` has, by name."""
    return {"by_id": by_id()} | {shape.statement(): search(shape) for shape in shapes()}


def search(shape: Shape) -> Statement:
    """The search of this shape.

    Arguments: `words`, `labels`, `min_price`, `max_price` (cents), `after_key` and `after_id` (the last product of the
    page before) where the shape has them, and `rows` (how many at most). Answers at least one row with `found` (at
    most CANDIDATES + 1) and, for each product, `key`, `id` and `body` (JSON).
    """
    query = _query(shape).cte("query")
    candidates = _candidates(shape, query).cte("candidates").prefix_with("MATERIALIZED")
    tally = select(func.count().label("found")).select_from(candidates).cte("tally")
    found = select(tally.c.found).scalar_subquery()
    page = _page(shape, query, candidates, found).subquery("page")
    # A subquery for each row, not a join: the planner does not know how few rows a page has, and would merge the page
    # with the whole catalogue.
    document = select(_DOCUMENT).where(_C.id == page.c.id).scalar_subquery()
    rows = select(page.c.key, page.c.id, document.label("body")).subquery("rows")
    order = _order(shape, rows.c.key, rows.c.id)
    one = select(found.label("found")).subquery("one")
    return statement(select(one.c.found, rows).select_from(one.join(rows, true(), isouter=True)).order_by(*order))


def by_id() -> Statement:
    """One product's JSON; argument `product_id`."""
    return statement(select(_DOCUMENT).where(_C.id == bindparam("product_id", type_=BigInteger)))


def _query(shape: Shape) -> Select[Any]:
    """The tsquery, computed once."""
    words = func.websearch_to_tsquery(_ENGLISH, bindparam("words", type_=Text))
    exact = cast(cast(bindparam("labels"), Text), TSQUERY)
    if shape.words and shape.labels:
        return select(words.op("&&")(exact).label("q"))
    return select((words if shape.words else exact if shape.labels else null()).label("q"))


def _filters(shape: Shape, query: CTE) -> list[ColumnElement[bool]]:
    """What a product must be, whichever index finds it."""
    filters: list[ColumnElement[bool]] = []
    if shape.words or shape.labels:
        filters.append(_C.search.op("@@")(select(query.c.q).scalar_subquery()))
    if shape.min_price:
        filters.append(_C.price_cents >= bindparam("min_price", type_=Integer))
    if shape.max_price:
        filters.append(_C.price_cents <= bindparam("max_price", type_=Integer))
    return filters


def _candidates(shape: Shape, query: CTE) -> Select[Any]:
    """The first CANDIDATES matches, and one more that tells that there are more."""
    columns = [_C.id, _key(shape, query).label("key")]
    filters = _filters(shape, query)
    if shape.words or shape.labels:
        shelves = [select(*columns).where(*filters, ids) for ids in _shelves()]
        found = union_all(*shelves).subquery("shelves")
        return select(found).limit(literal_column(str(CANDIDATES + 1)))
    return select(*columns).where(*filters).limit(literal_column(str(CANDIDATES + 1)))


def _shelves() -> list[ColumnElement[bool]]:
    """The predicates of the partial indexes, word for word as the migration has them."""
    first, second = (literal_column(str(end), BigInteger) for end in SHELF_ENDS)
    return [_C.id <= first, and_(_C.id > first, _C.id <= second), _C.id > second]


def _page(shape: Shape, query: CTE, candidates: CTE, found: ColumnElement[int]) -> Select[Any]:
    """The page's products: of the candidates where they are all matches, or are ranked; else by walking an index."""
    key: ColumnElement[Any] = candidates.c.key
    row_id: ColumnElement[Any] = candidates.c.id
    few = select(key, row_id).where(*_after(shape, key, row_id))
    ranked = shape.sort is Sort.RELEVANCE and shape.words
    if not ranked:
        few = few.where(found <= literal_column(str(CANDIDATES)))
    few = few.order_by(*_order(shape, key, row_id)).limit(bindparam("rows", type_=Integer))
    if ranked:
        return few
    key = _key(shape, query)
    many = (
        select(key.label("key"), _C.id)
        .where(*_filters(shape, query), *_after(shape, key, _C.id), found > literal_column(str(CANDIDATES)))
        .order_by(*_order(shape, key, _C.id))
        .limit(bindparam("rows", type_=Integer))
    )
    both = union_all(few.subquery().select(), many.subquery().select()).subquery()
    return select(both)


def _key(shape: Shape, query: CTE) -> ColumnElement[Any]:
    match shape.sort:
        case Sort.PRICE_ASC | Sort.PRICE_DESC:
            return _C.price_cents
        case Sort.NEWEST:
            return _C.created_at
        case Sort.RELEVANCE if shape.words:
            return cast(func.ts_rank(_C.search, select(query.c.q).scalar_subquery()), Float(53))
        case _:
            return _C.id


def _order(shape: Shape, key: ColumnElement[Any], row_id: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    if shape.sort in (Sort.PRICE_DESC, Sort.NEWEST):
        return [key.desc(), row_id.desc()]
    if shape.sort is Sort.RELEVANCE and shape.words:
        return [key.desc(), row_id]
    return [key, row_id]


def _after(shape: Shape, key: ColumnElement[Any], row_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """The keyset: only what comes after the last product of the page before."""
    if not shape.after:
        return []
    types = {Sort.NEWEST: TIMESTAMP(timezone=True), Sort.RELEVANCE: Float(53) if shape.words else BigInteger()}
    last_key = cast(bindparam("after_key"), types.get(shape.sort, Integer()))
    last_id = cast(bindparam("after_id"), BigInteger)
    if shape.sort is Sort.RELEVANCE and shape.words:
        return [or_(key < last_key, and_(key == last_key, row_id > last_id))]
    if shape.sort in (Sort.PRICE_DESC, Sort.NEWEST):
        return [tuple_(key, row_id) < tuple_(last_key, last_id)]
    return [tuple_(key, row_id) > tuple_(last_key, last_id)]
