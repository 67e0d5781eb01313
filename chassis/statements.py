"""The statements that a service runs, read from the file in which `make statements` has written them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# `-- place: key, customer_id`: the statement's name, and its parameters in the order of $1, $2, ...
_HEADER = re.compile(r"-- ([a-z_]+(?: [a-z_]+)*):((?: [a-z_]+(?:,(?= )|$))*)")
_PLACEHOLDER = re.compile(r"\$(\d+)")


@dataclass(frozen=True, slots=True)
class Statement:
    """PostgreSQL's text and the order of its named parameters."""

    text: str
    names: tuple[str, ...]

    def args(self, values: Mapping[str, object]) -> list[object]:
        """The arguments for the placeholders `$1`, `$2`, ...; `values` may have more."""
        return [values[name] for name in self.names]


def read(path: Path) -> Mapping[str, Statement]:
    """The statements of a file by their names; raises ValueError for what `chassis.sql.render` would not write."""
    _, *blocks = path.read_text().strip().split("\n\n")
    statements: dict[str, Statement] = {}
    for block in blocks:
        header, _, text = block.partition("\n")
        found = _HEADER.fullmatch(header)
        if found is None:
            raise _unwritten(path, f"{header!r} does not name a statement and its parameters")
        name, names = found[1], tuple(found[2].replace(",", "").split())
        if name in statements:
            raise _unwritten(path, f"there are two statements {name!r}")
        if {int(number) for number in _PLACEHOLDER.findall(text)} != set(range(1, len(names) + 1)):
            raise _unwritten(path, f"the placeholders of {name!r} are not those of its parameters ({', '.join(names)})")
        statements[name] = Statement(text, names)
    if not statements:
        raise _unwritten(path, "there is no statement")
    return statements


def _unwritten(path: Path, what: str) -> ValueError:
    return ValueError(f"{path}: {what}. `make statements` writes the file anew.")
