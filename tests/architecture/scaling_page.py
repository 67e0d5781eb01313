"""The tables of docs/scaling.md, by the lab's model: `python -m tests.architecture.scaling_page` writes them anew."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from lab.model.assumptions import read_assumptions
from lab.model.matrix import read_measured
from lab.model.prices import read_prices
from lab.model.sections import SECTIONS, Given
from lab.model.table import Table
from lab.model.zones import zones_table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/scaling.md"
# The run that the sample report is made of.
MEASURED = "docs/sample-report/data"
MADE_BY = "made by `python -m tests.architecture.scaling_page`"
BLOCK = re.compile(rf"<!-- (\w+): {re.escape(MADE_BY)} -->\n(.*?)<!-- end of \1 -->", re.DOTALL)

ON_THE_PAGE = (
    "matrix",
    "benefit",
    "windows",
    "zones",
    "rollouts",
    "connections",
    "retries",
    "caches",
    "checks",
    "balancers",
)


@cache
def tables() -> Mapping[str, Table]:
    """What `python -m lab.model` prints by default, but for the columns that repeat a formula by simulation."""
    given = Given(read_assumptions(), read_prices(), read_measured(ROOT / MEASURED))
    made: dict[str, Callable[[Given], Table]] = {name: SECTIONS[name] for name in ON_THE_PAGE}
    made["zones"] = lambda given: zones_table(given.assumptions, given.prices, given.seed, months=None)
    return {name: section(given) for name, section in made.items()}


def command(name: str) -> str:
    """What prints this table."""
    return f"python -m lab.model {name}" + (f" --measured {MEASURED}" if name == "matrix" else "")


def block(name: str) -> str:
    """One table as it stands between its markers, with the command that prints it."""
    table = tables()[name]
    return f"<!-- {name}: {MADE_BY} -->\n{table.markdown()}\n\n`{command(name)}`: {table.note}\n<!-- end of {name} -->"


def written_anew(text: str) -> str:
    """The page's text with its tables as they should be."""
    return BLOCK.sub(lambda match: block(match[1]), text)


if __name__ == "__main__":
    PAGE.write_text(written_anew(PAGE.read_text()))
