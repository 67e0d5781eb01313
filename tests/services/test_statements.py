"""The committed SQL is what SQLAlchemy writes now."""

from pathlib import Path

import pytest

from services.products.shape import Shape, Sort, shapes
from services.statements import written

WRITTEN = written()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.parent.name)
def test_the_committed_sql_is_what_sqlalchemy_writes_now(path: Path) -> None:
    current = path.read_text() == WRITTEN[path]
    assert current, f"{path} is not what SQLAlchemy writes now: `make statements` writes it anew"


def test_no_file_of_statements_is_left_that_nothing_writes() -> None:
    assert set((Path(__file__).parents[2] / "services").rglob("statements.sql")) == set(WRITTEN)


def test_every_shape_has_a_statement_of_its_own() -> None:
    names = [shape.statement() for shape in shapes()]
    assert len(names) == len(set(names)) == 4 * 2**5
    assert Shape(Sort.PRICE_ASC, words=True, max_price=True).statement() == "search price_asc words max_price"
