"""What a number of replicas costs a month, from the one price list: infra/aws/prices.toml, which infra/aws reads too.

A file, not an import: the lab knows nothing of what is in `infra`. A test holds the two bills equal.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lab.model.sentences import sentences
from stack.settings import ROOT

FILE = ROOT / "infra/aws/prices.toml"


class BadPrices(Exception):
    """A price list that nothing can be made of; one sentence a line."""


Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Part(BaseModel):
    """Of what else is in the list the model needs nothing."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Hour(_Part):
    vcpu: Amount
    gb: Amount
    public_ipv4: Amount
    balancer: Amount
    balancer_lcu: Amount
    database: dict[str, Amount]


class _Month(_Part):
    storage_gb: Amount


class _Made(_Part):
    task_vcpu: Amount
    task_gb: Amount
    zones: Amount
    database_class: str
    storage_gb: Amount


class _Assumed(_Part):
    lcus: Amount


class _List(_Part):
    """As it stands in the file: USD, and how much there is of each."""

    hours_a_month: Amount
    hour: _Hour
    month: _Month
    made: _Made
    assumed: _Assumed

    @model_validator(mode="after")
    def _has_the_database(self) -> Self:
        if self.made.database_class not in self.hour.database:
            raise ValueError(f"hour.database has no price of {self.made.database_class}")
        return self


@dataclass(frozen=True)
class Prices:
    """USD a month. `fixed`: what a product search needs besides its tasks: balancer, its addresses, and database."""

    task: float
    fixed: float

    def tasks(self, replicas: int) -> float:
        return replicas * self.task

    def search(self, replicas: int) -> float:
        """The whole bill of a product search by itself."""
        return self.fixed + self.tasks(replicas)


@cache
def read_prices(path: Path = FILE) -> Prices:
    """The list prices for what Terraform makes; BadPrices where the file has none."""
    try:
        given = _List.model_validate(tomllib.loads(path.read_text()))
    except ValidationError as error:
        raise BadPrices(sentences(path, error)) from None
    except (OSError, ValueError) as error:
        raise BadPrices(f"{path}: {error}.") from None
    hours, hour, made = given.hours_a_month, given.hour, given.made
    task = hours * (made.task_vcpu * hour.vcpu + made.task_gb * hour.gb + hour.public_ipv4)
    if task <= 0:
        raise BadPrices(f"{path}: a task costs nothing, so that there is nothing to weigh.")
    balancer = hours * (hour.balancer + given.assumed.lcus * hour.balancer_lcu)
    addresses = hours * made.zones * hour.public_ipv4
    database = hours * hour.database[made.database_class] + made.storage_gb * given.month.storage_gb
    return Prices(task, balancer + addresses + database)
