"""SQLAlchemy's clauses as text: what is written is what is read."""

from pathlib import Path

import pytest
from sqlalchemy import ClauseElement, Integer, Text, bindparam, cast, column, literal_column, select, table

from chassis.sql import json_object, render, statement
from chassis.statements import Statement, read

LAMP = table("lamp", column("id", Integer), column("name", Text))
BY_NAME = select(LAMP.c.id).where(LAMP.c.name == bindparam("name")).limit(bindparam("rows", type_=Integer))


def test_a_clause_becomes_text_for_asyncpg_without_blanks_at_the_ends_of_lines() -> None:
    text = "SELECT lamp.id\nFROM lamp\nWHERE lamp.name = $1::VARCHAR\n LIMIT $2::INTEGER"
    assert statement(BY_NAME) == Statement(text, ("name", "rows"))


def test_a_parameter_that_is_named_twice_is_given_once() -> None:
    name = bindparam("name", type_=Text)
    assert statement(select(name, name)).names == ("name",)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    statements = {
        "by_name": statement(BY_NAME),
        "all of them": statement(select(cast(json_object(id=LAMP.c.id), Text))),
    }
    path = tmp_path / "statements.sql"
    path.write_text(render("lamps/queries.py", statements))
    assert path.read_text().startswith(
        "-- Made by `make statements` from lamps/queries.py; not to be edited.\n\n-- by_name: "
    )
    assert read(path) == statements


@pytest.mark.parametrize(
    "clause", [select(LAMP).where(LAMP.c.id == 7), select(LAMP).limit(7), select(LAMP).where(LAMP.c.id.in_([7, 8]))]
)
def test_a_clause_with_a_constant_is_refused(clause: ClauseElement) -> None:
    with pytest.raises(ValueError, match="write a constant as a literal_column"):
        statement(clause)


def test_a_constant_in_the_text_is_none_of_the_parameters() -> None:
    assert statement(select(LAMP).limit(literal_column("7"))).names == ()
