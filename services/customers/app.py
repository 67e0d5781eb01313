"""`GET /customers/{id}`."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Response
from pydantic import BaseModel

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from services.customers.settings import CustomersSettings
from services.customers.statements import BY_ID, READY

MAX_ID = 2**63 - 1


class Customer(BaseModel):
    """A customer, as answered."""

    id: int
    name: str
    email: str
    city: str
    country: str
    created_at: datetime


def build(settings: CustomersSettings) -> FastAPI:
    """The service, wired."""
    database = Database(settings, ready_query=READY)
    return create_app(
        "customers", settings, routes(database), resource=database.lifespan, checks={"postgres": database.check}
    )


def routes(database: Database) -> APIRouter:
    """The service's routes over its database."""
    router = APIRouter()

    @router.get("/customers/{customer_id}", response_model=Customer, responses=documented(404))
    async def customer(customer_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> Response:
        row = await database.fetchrow(BY_ID.text, *BY_ID.args({"customer_id": customer_id}))
        if row is None:
            raise Problem(404, f"There is no customer {customer_id}.")
        return Response(row["document"], media_type="application/json")

    return router
