"""What the service asks the database, as `make statements` writes it. PostgreSQL builds the JSON of the answers."""

from sqlalchemy import BigInteger, Text, bindparam, select

from chassis.sql import json_object, statement
from chassis.statements import Statement
from services.customers.schema import customer


def statements() -> dict[str, Statement]:
    """What `statements.sql` has, by name."""
    c = customer.c
    document = json_object(id=c.id, name=c.name, email=c.email, city=c.city, country=c.country, created_at=c.created_at)
    by_id = c.id == bindparam("customer_id", type_=BigInteger)
    return {"by_id": statement(select(document.cast(Text).label("document")).where(by_id))}
