"""Shows the SQL of a search: `python -m services.products.sql 'q=brass lantern&limit=20'` prints it with its arguments.

JSON: {"sql": ..., "arguments": {name: value}}, the SQL with `:name` for every argument, as psql and pgbench read it.
"""

import json
import re
import sys
from urllib.parse import parse_qsl

from services.products.model import SearchQuery
from services.products.statements import SEARCH


def described(query_string: str) -> dict[str, object]:
    """The very text that the service sends for this query, and its arguments."""
    query = SearchQuery.model_validate(dict(parse_qsl(query_string)))
    statement = SEARCH[query.shape()]
    arguments = {name: value for name, value in query.arguments().items() if name in statement.names}
    sql = re.sub(r"\$(\d+)", lambda match: f":{statement.names[int(match[1]) - 1]}", statement.text)
    return {"sql": sql, "arguments": arguments}


if __name__ == "__main__":
    print(json.dumps(described(sys.argv[1] if len(sys.argv) > 1 else "")))
