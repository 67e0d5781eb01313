"""SQLAlchemy Core writes the statements ahead (`make statements`): a running service reads `chassis.statements`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, func, literal_column
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler

from chassis.statements import Statement

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # published without that type


def statement(clause: ClauseElement) -> Statement:
    """The clause as asyncpg sends it; raises ValueError where a parameter has its value already: no file has values."""
    compiled = clause.compile(dialect=_DIALECT)
    assert isinstance(compiled, SQLCompiler)
    names = tuple(compiled.positiontup or ())
    constants = [name for name in names if not compiled.binds[name].required]
    if constants:
        raise ValueError(f"{', '.join(constants)}: write a constant as a literal_column, or let the caller give it")
    # The text has no string of more than one line: only blanks between words go.
    return Statement("\n".join(line.rstrip() for line in str(compiled).split("\n")), names)


def render(module: str, statements: Mapping[str, Statement]) -> str:
    """The text of the file that `chassis.statements.read` reads."""
    blocks = [f"-- Made by `make statements` from {module}; not to be edited."]
    blocks += [f"-- {name}:{_listed(each.names)}\n{each.text}" for name, each in statements.items()]
    return "\n\n".join(blocks) + "\n"


def json_object(**members: ColumnElement[Any]) -> ColumnElement[Any]:
    """A JSON object with these members, in this order. Moments are in UTC, the time zone of `Database`'s sessions."""
    pairs: list[ColumnElement[Any]] = []
    for name, value in members.items():
        pairs += [literal_column(f"'{name}'"), value]
    return func.json_build_object(*pairs)


def _listed(names: tuple[str, ...]) -> str:
    return f" {', '.join(names)}" if names else ""
