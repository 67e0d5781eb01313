"""SQLAlchemy Core writes a statement once; asyncpg runs its text ever after."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ClauseElement

_DIALECT = PGDialect_asyncpg()


class Statement:
    """A compiled statement: PostgreSQL's text and the order of its named parameters."""

    def __init__(self, clause: ClauseElement) -> None:
        compiled = clause.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.text = str(compiled)
        self._names: list[str] = list(getattr(compiled, "positiontup", None) or [])
        self._constants: Mapping[str, Any] = compiled.params

    def args(self, **values: object) -> list[object]:
        """The arguments for the placeholders `$1`, `$2`, ...: `values` where given, else the statement's constants."""
        return [values[name] if name in values else self._constants[name] for name in self._names]
