"""SQLAlchemy Core writes a statement once; asyncpg runs its text ever after; PostgreSQL builds the answer's JSON."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, func, literal_column
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # published without that type


class Statement:
    """A compiled statement: PostgreSQL's text and the order of its named parameters."""

    def __init__(self, clause: ClauseElement) -> None:
        compiled = clause.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self.names: list[str] = list(getattr(compiled, "positiontup", None) or [])
        self._constants: Mapping[str, Any] = compiled.params

    def args(self, values: Mapping[str, object]) -> list[object]:
        """The arguments for the placeholders `$1`, `$2`, ...: `values` where given, else the statement's constants."""
        return [values[name] if name in values else self._constants[name] for name in self.names]


def json_object(**members: ColumnElement[Any]) -> ColumnElement[Any]:
    """A JSON object with these members, in this order. Moments are in UTC, the time zone of `Database`'s sessions."""
    pairs: list[ColumnElement[Any]] = []
    for name, value in members.items():
        pairs += [literal_column(f"'{name}'"), value]
    return func.json_build_object(*pairs)
