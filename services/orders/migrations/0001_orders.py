"""Orders, their lines, and what Orders keeps of other services: who may order, and at what price."""

from alembic import op

from services.orders.schema import metadata

revision = "0001"
down_revision = None

_CHECK_TOTAL = """
CREATE FUNCTION orders.check_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    total   bigint;
BEGIN
    IF TG_TABLE_NAME = 'order' THEN
        changed := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        changed := OLD.order_id;
    ELSE
        changed := NEW.order_id;
    END IF;
    SELECT total_cents INTO total FROM orders."order" WHERE id = changed;
    IF FOUND AND total IS DISTINCT FROM
        (SELECT sum(quantity * unit_price_cents::bigint) FROM orders.order_line WHERE order_id = changed)
    THEN
        RAISE check_violation USING
            MESSAGE = format('the total of order %s is not the sum of its lines', changed),
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME;
    END IF;
    RETURN NULL;
END $$
"""

_TOTAL_TRIGGER = """
CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE{deletes} ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders.check_total()
"""


def upgrade() -> None:
    metadata.create_all(op.get_bind())
    op.execute(_CHECK_TOTAL)
    op.execute(_TOTAL_TRIGGER.format(name="order_total", table='orders."order"', deletes=""))
    op.execute(_TOTAL_TRIGGER.format(name="order_line_total", table="orders.order_line", deletes=" OR DELETE"))
