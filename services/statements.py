"""Writes the SQL that the services run: `python -m services.statements`, after a change to what it is made from."""

from pathlib import Path

from chassis.sql import render
from services.customers import queries as customers
from services.orders import queries as orders
from services.products import search as products

_HERE = Path(__file__).parent


def written() -> dict[Path, str]:
    """Each file and the text that SQLAlchemy writes for it now."""
    return {
        _HERE / "customers/statements.sql": render("services/customers/queries.py", customers.statements()),
        _HERE / "orders/statements.sql": render("services/orders/queries.py", orders.statements()),
        _HERE / "products/statements.sql": render("services/products/search.py", products.statements()),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text)
