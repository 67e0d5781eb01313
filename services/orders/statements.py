"""The SQL of the orders, as `queries.py` has written it."""

from pathlib import Path

from chassis.statements import read

READY = 'SELECT id FROM orders."order" LIMIT 1'

_WRITTEN = read(Path(__file__).with_name("statements.sql"))

PLACE = _WRITTEN["place"]
BY_KEY = _WRITTEN["by_key"]
BY_ID = _WRITTEN["by_id"]
OF_CUSTOMER = _WRITTEN["of_customer"]
OBSTACLES = _WRITTEN["obstacles"]
