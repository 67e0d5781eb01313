"""What replicas cost a month, from the project's one price list, infra/aws/prices.toml.

The lab reads that file and does not import `infra`; a test compares this bill with that of infra/aws/cost.py.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from stack.settings import ROOT

FILE = ROOT / "infra/aws/prices.toml"


class BadPrices(Exception):
    """The price list is incomplete; the message is one sentence."""


@dataclass(frozen=True)
class Prices:
    """USD a month. `fixed`: what a product search needs besides its tasks: balancer, IPv4 addresses and database."""

    task: float
    fixed: float

    def tasks(self, replicas: int) -> float:
        return replicas * self.task

    def search(self, replicas: int) -> float:
        """The whole bill of a product search."""
        return self.fixed + self.tasks(replicas)


def read_prices(path: Path = FILE) -> Prices:
    """The list prices of what Terraform makes; raises BadPrices if one is missing or is not a number."""
    try:
        prices = _bill(tomllib.loads(path.read_text()))
    except KeyError as error:
        raise BadPrices(f"{path}: {error} is missing.") from None
    except (OSError, ValueError, TypeError) as error:
        raise BadPrices(f"{path}: {error}.") from None
    if not (0 < prices.task < float("inf") and 0 <= prices.fixed < float("inf")):
        raise BadPrices(f"{path}: a task must have a positive price, and the rest must not be negative.")
    return prices


def _bill(prices: dict) -> Prices:  # type: ignore[type-arg] # as TOML has it
    hours, hour, made = prices["hours_a_month"], prices["hour"], prices["made"]
    task = hours * (made["task_vcpu"] * hour["vcpu"] + made["task_gb"] * hour["gb"] + hour["public_ipv4"])
    balancer = hours * (hour["balancer"] + prices["assumed"]["lcus"] * hour["balancer_lcu"])
    addresses = hours * made["zones"] * hour["public_ipv4"]
    database = hours * hour["database"][made["database_class"]] + made["storage_gb"] * prices["month"]["storage_gb"]
    return Prices(task, balancer + addresses + database)
