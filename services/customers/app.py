"""`GET /customers/{id}`."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import select

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from services.contract import Customer, CustomerId
from services.customers.schema import customer
from services.customers.settings import CustomersSettings

READY = select(customer.c.id).limit(1)

router = APIRouter(tags=["customers"])


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


@router.get("/customers/{customer_id}", responses=documented(404))
async def get_customer(customer_id: CustomerId, database: Annotated[Database, Depends(_database)]) -> Customer:
    """One customer."""
    row = await database.first(select(customer).where(customer.c.id == customer_id))
    if row is None:
        raise Problem(404, f"There is no customer {customer_id}.")
    return Customer.model_validate(row, from_attributes=True)


def build(settings: CustomersSettings) -> FastAPI:
    """Build the service from its settings."""
    database = Database(settings, ready=READY)
    app = create_app("customers", settings, router, database=database)
    app.state.database = database
    return app
