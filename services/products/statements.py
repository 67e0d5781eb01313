"""The SQL of the catalogue, as `search.py` has written it."""

from pathlib import Path

from chassis.statements import read
from services.products.shape import shapes

_WRITTEN = read(Path(__file__).with_name("statements.sql"))

BY_ID = _WRITTEN["by_id"]
SEARCH = {shape: _WRITTEN[shape.statement()] for shape in shapes()}
