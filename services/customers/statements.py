"""The SQL of the customers, as `queries.py` has written it."""

from pathlib import Path

from chassis.statements import read

READY = "SELECT id FROM customers.customer LIMIT 1"

BY_ID = read(Path(__file__).with_name("statements.sql"))["by_id"]
