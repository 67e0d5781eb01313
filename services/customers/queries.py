"""What the service asks the database. PostgreSQL builds the JSON: it is answered as it comes."""

from sqlalchemy import BigInteger, Text, bindparam, select

from chassis.sql import Statement, json_object
from services.customers.schema import customer

READY = "SELECT id FROM customers.customer LIMIT 1"


def _by_id() -> Statement:
    c = customer.c
    document = json_object(id=c.id, name=c.name, email=c.email, city=c.city, country=c.country, created_at=c.created_at)
    by_id = c.id == bindparam("customer_id", type_=BigInteger)
    return Statement(select(document.cast(Text).label("document")).where(by_id))


CUSTOMER_BY_ID = _by_id()
