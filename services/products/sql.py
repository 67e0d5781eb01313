"""Prints the SQL of a search and its values: `python -m services.products.sql 'q=brass lantern&limit=20'`.

JSON: {"sql": ..., "arguments": {name: value}}. Each argument is `:name` in the SQL, as in SQLAlchemy's `text()`.
"""

import json
import sys
from urllib.parse import parse_qsl

from sqlalchemy.dialects.postgresql.base import PGDialect

from services.contract import SearchQuery
from services.products.search import search
from services.products.shape import Shape, values
from services.products.words import readings


def described(query_string: str) -> dict[str, object]:
    """The statement that the service sends for this query, and its arguments."""
    query = SearchQuery.model_validate(dict(parse_qsl(query_string)))
    compiled = search(Shape.of(query)).compile(dialect=PGDialect(paramstyle="named"))  # type: ignore[no-untyped-call]
    arguments = {name: value for name, value in values(query, readings(query.q)[0]).items() if name in compiled.params}
    return {"sql": str(compiled), "arguments": arguments}


if __name__ == "__main__":
    print(json.dumps(described(sys.argv[1] if len(sys.argv) > 1 else "")))
