"""The README's table of settings, made from the settings: `python -m tests.architecture.readme` writes it anew."""

import re
from collections.abc import Iterator
from pathlib import Path

from chassis.settings import variables
from services.customers.settings import CustomersSettings
from services.customers.settings import SeedSettings as CustomersSeed
from services.dashboard.settings import DashboardSettings
from services.gateway.settings import GatewaySettings
from services.migrate.settings import MigrateSettings
from services.orders.settings import OrdersSettings
from services.orders.settings import SeedSettings as OrdersSeed
from services.products.settings import ProductsSettings
from services.products.settings import SeedSettings as ProductsSeed
from stack import nginx_template
from stack.settings import StackSettings

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- settings: made by `python -m tests.architecture.readme` -->", "<!-- end of settings -->"

# What the runtimes tell each process themselves.
_NOT_THE_USERS = {
    "AFLOAT_REPLICA",
    "AFLOAT_LISTEN_HOST",
    "AFLOAT_LISTEN_PORT",
    "AFLOAT_CONTROL_TOKEN",
    "AFLOAT_TOPOLOGY_FILE",
    "AFLOAT_PUBLIC_URL",
    "AFLOAT_LB_URL",
}
_SERVICES = (ProductsSettings, CustomersSettings, OrdersSettings, GatewaySettings, DashboardSettings, MigrateSettings)
_SEEDS = (ProductsSeed, CustomersSeed, OrdersSeed)


def settings_table() -> str:
    """Every variable that a user may set, with its default and what it does, as Markdown."""
    lines = ["| variable | default | what it is |", "|---|---|---|"]
    seen = set()
    for name, default, description in (
        *_of_the_stack(),
        *_of_the_services(),
        *_of_the_load_balancer(),
        *_of_the_observers(),
    ):
        if name not in seen:
            lines.append(f"| `{name}` | {f'`{default}`' if default else ''} | {description} |")
            seen.add(name)
    return "\n".join(lines)


def _of_the_stack() -> Iterator[tuple[str, str, str]]:
    for field, info in StackSettings.model_fields.items():
        name = str(info.validation_alias) if info.validation_alias else f"AFLOAT_{field.upper()}"
        yield name, "" if info.default is None else str(info.default), info.description or ""


def _of_the_services() -> Iterator[tuple[str, str, str]]:
    for each in variables(*_SERVICES, *_SEEDS):
        if each.default is not None and each.name not in _NOT_THE_USERS:
            yield each.name, each.default, each.description


def _of_the_load_balancer() -> Iterator[tuple[str, str, str]]:
    for name, default in nginx_template.DEFAULTS.items():
        yield name, default, nginx_template.DESCRIPTIONS[name]


def _of_the_observers() -> Iterator[tuple[str, str, str]]:
    text = (README.parent / "infra/observability/docker-compose.yml").read_text()
    for name, default in re.findall(r"\$\{(AFLOAT_\w+_PORT):-(\d+)\}", text):
        observer = name.removeprefix("AFLOAT_").removesuffix("_PORT").capitalize()
        yield name, default, f"port of {observer}, with `--profile observability`"


if __name__ == "__main__":
    before, rest = README.read_text().split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{settings_table()}\n{END}{rest.split(END)[1]}")
