"""The file of statements: what is read, and what is refused with a sentence."""

from pathlib import Path

import pytest

from chassis.statements import Statement, read

COMMENT = "-- Made by `make statements`.\n\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "statements.sql"
    path.write_text(text)
    return path


def test_each_statement_has_its_name_its_text_and_its_parameters(tmp_path: Path) -> None:
    text = f"{COMMENT}-- move: to_id, id\nSELECT $2\n, $1\n\n-- all it has:\nSELECT 1\n"
    assert read(written(tmp_path, text)) == {
        "move": Statement("SELECT $2\n, $1", ("to_id", "id")),
        "all it has": Statement("SELECT 1", ()),
    }


def test_arguments_come_in_the_order_of_the_placeholders() -> None:
    statement = Statement("SELECT $1, $2", ("price", "name"))
    assert statement.args({"name": "lamp", "unused": 0, "price": None}) == [None, "lamp"]


def test_an_argument_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="price"):
        Statement("SELECT $1", ("price",)).args({})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no statement"),
        (COMMENT, "there is no statement"),
        (f"{COMMENT}SELECT 1", "'SELECT 1' does not name a statement and its parameters"),
        (f"{COMMENT}-- by_id\nSELECT 1", "'-- by_id' does not name"),
        (f"{COMMENT}-- by_id: a b\nSELECT $1, $2", "'-- by_id: a b' does not name"),
        (f"{COMMENT}-- one:\nSELECT 1\n\n-- one:\nSELECT 2", "there are two statements 'one'"),
        (f"{COMMENT}-- one: a\nSELECT $1, $2", r"the placeholders of 'one' are not those of its parameters \(a\)"),
        (f"{COMMENT}-- one: a, b\nSELECT $1", r"the placeholders of 'one' are not those of its parameters \(a, b\)"),
    ],
)
def test_a_file_that_nobody_would_write_is_refused(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=rf"statements\.sql: {why}.*`make statements`"):
        read(written(tmp_path, text))
