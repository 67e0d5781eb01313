"""What the stack costs a month, from list prices: `python -m infra.aws.cost`; `--readme` puts the table there.

Not in it: data transfer, and whatever a visitor's traffic adds to what is assumed below. Tests compare the quantities
with what Terraform makes.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- cost: made by `python -m infra.aws.cost --readme` -->", "<!-- end of cost -->"

# The one price list, which the lab's model reads too.
PRICES = tomllib.loads(Path(__file__).with_name("prices.toml").read_text())
HOURS: int = PRICES["hours_a_month"]
VCPU_HOUR, GB_HOUR = PRICES["hour"]["vcpu"], PRICES["hour"]["gb"]
PUBLIC_IPV4_HOUR: float = PRICES["hour"]["public_ipv4"]
BALANCER_HOUR, BALANCER_LCU_HOUR = PRICES["hour"]["balancer"], PRICES["hour"]["balancer_lcu"]
NAT_GATEWAY_HOUR: float = PRICES["hour"]["nat_gateway"]
DATABASE_HOUR: dict[str, float] = PRICES["hour"]["database"]
STORAGE_GB_MONTH: float = PRICES["month"]["storage_gb"]
SECRET_MONTH = PRICES["month"]["secret"]
ALARM_METRIC_MONTH, COMPOSITE_ALARM_MONTH = PRICES["month"]["alarm_metric"], PRICES["month"]["composite_alarm"]
LOG_GB, IMAGE_GB_MONTH = PRICES["once"]["log_gb"], PRICES["month"]["image_gb"]

# What Terraform makes by default.
TASK_VCPU, TASK_GB = PRICES["made"]["task_vcpu"], PRICES["made"]["task_gb"]
ZONES: int = PRICES["made"]["zones"]
DATABASE_CLASS: str = PRICES["made"]["database_class"]
STORAGE_GB: int = PRICES["made"]["storage_gb"]
SECRETS = 4  # a URL for each of three roles, and RDS's own of the administrator
ALARM_METRICS, COMPOSITE_ALARMS = 32, 2  # 24 of ours, and two of each of the four autoscaling policies

LCUS = PRICES["assumed"]["lcus"]

# Assumed.
LOGS_GB = 4.0
IMAGES_GB = 1.0

TASK_USD: float = HOURS * (TASK_VCPU * VCPU_HOUR + TASK_GB * GB_HOUR + PUBLIC_IPV4_HOUR)
"""One task with its public address."""


@dataclass(frozen=True)
class Configuration:
    """How many tasks run: of Products, and of the gateway, Customers and Orders together."""

    name: str
    products: int
    others: int = 6


TWO_TASKS = Configuration("two_tasks_100", products=2)
THREE_TASKS = Configuration("three_tasks_66", products=3)


@dataclass(frozen=True)
class Line:
    """One line of the bill; `search` says whether the product search alone would need it too."""

    what: str
    usd: float
    search: bool = True


def bill(configuration: Configuration) -> list[Line]:
    """Every line of a month's bill."""
    return [
        Line("tasks of Products", configuration.products * TASK_USD),
        Line("tasks of the gateway, Customers and Orders", configuration.others * TASK_USD, search=False),
        Line("load balancer, with one LCU", HOURS * (BALANCER_HOUR + LCUS * BALANCER_LCU_HOUR)),
        Line("its addresses, one in each of three zones", HOURS * ZONES * PUBLIC_IPV4_HOUR),
        Line("database db.t4g.micro", HOURS * DATABASE_HOUR[DATABASE_CLASS]),
        Line("its storage, 20 GB", STORAGE_GB * STORAGE_GB_MONTH),
        Line("four secrets", SECRETS * SECRET_MONTH, search=False),
        Line("alarms", ALARM_METRICS * ALARM_METRIC_MONTH + COMPOSITE_ALARMS * COMPOSITE_ALARM_MONTH, search=False),
        Line("logs (4 GB) and images (1 GB)", LOGS_GB * LOG_GB + IMAGES_GB * IMAGE_GB_MONTH, search=False),
    ]


def total(configuration: Configuration, *, search_only: bool = False) -> float:
    """The sum, of everything or of what the product search needs by itself."""
    return sum(line.usd for line in bill(configuration) if line.search or not search_only)


def multi_az_usd() -> float:
    """What a standby of the database adds: the same instance and storage again."""
    return HOURS * DATABASE_HOUR[DATABASE_CLASS] + STORAGE_GB * STORAGE_GB_MONTH


def nat_gateways_usd(gateways: int, configuration: Configuration) -> float:
    """What private subnets add: the gateways with an address each, less the tasks' addresses; traffic comes on top."""
    tasks = configuration.products + configuration.others
    return HOURS * (gateways * (NAT_GATEWAY_HOUR + PUBLIC_IPV4_HOUR) - tasks * PUBLIC_IPV4_HOUR)


def table() -> str:
    """The bill of both configurations side by side, and what the third task is of it, as Markdown."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    yield f"| USD a month | `{TWO_TASKS.name}` | `{THREE_TASKS.name}` | more |"
    yield "|---|---:|---:|---:|"
    for two, three in zip(bill(TWO_TASKS), bill(THREE_TASKS), strict=True):
        yield _row(two.what, two.usd, three.usd)
    search = (total(each, search_only=True) for each in (TWO_TASKS, THREE_TASKS))
    yield _row("**the product search alone** (Products, balancer, database)", *search)
    yield _row("**everything**", total(TWO_TASKS), total(THREE_TASKS))
    yield ""
    one, three_gateways = (nat_gateways_usd(gateways, THREE_TASKS) for gateways in (1, 3))
    yield f"`database.multi_az` adds {multi_az_usd():.2f} USD. Private subnets add {one:.2f} USD with one NAT gateway"
    yield f"and {three_gateways:.2f} USD with three (less the tasks' addresses), and what passes through them."


def _row(what: str, two: float, three: float) -> str:
    more = f"+{100 * (three / two - 1):.0f} %" if three > two else ""
    return f"| {what} | {two:.2f} | {three:.2f} | {more} |"


def put_into_readme() -> None:
    """Write the README's table anew."""
    before, rest = README.read_text().split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--readme"]:
        put_into_readme()
    else:
        print(table())
