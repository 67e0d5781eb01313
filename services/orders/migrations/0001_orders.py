"""Orders, their lines, and what Orders keeps of other services: who may order, and at what price."""

from alembic import op

revision = "0001"
down_revision = None

# The read model, filled by the migrate job: taking an order needs no other service.
_CUSTOMER = "CREATE TABLE orders.customer (id bigint PRIMARY KEY CHECK (id > 0))"

_PRICE_LIST = """
CREATE TABLE orders.price_list (
    product_id       bigint PRIMARY KEY CHECK (product_id > 0),
    unit_price_cents integer NOT NULL CHECK (unit_price_cents >= 0),
    currency         char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$')
)
"""

# The key stands in the order itself, so that an order without a key, or two with one, cannot be written. It is unique
# among all customers: there is no login, and a retry that names another customer is another body, not another key.
_ORDER = """
CREATE TABLE orders."order" (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY CHECK (id > 0),
    idempotency_key text NOT NULL UNIQUE CHECK (idempotency_key ~ '^[ -~]{1,255}$'),
    fingerprint     bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    customer_id     bigint NOT NULL REFERENCES orders.customer,
    currency        char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- 50 lines of 99 pieces at the highest integer: no sum can overflow, nor lose a cent in a JSON reader's float.
    total_cents     bigint NOT NULL CHECK (total_cents BETWEEN 0 AND 50 * 99 * 2147483647::bigint),
    created_at      timestamptz NOT NULL DEFAULT now()
)
"""

# No reference to price_list: an order outlives the product that it names.
_ORDER_LINE = """
CREATE TABLE orders.order_line (
    order_id         bigint NOT NULL REFERENCES orders."order",
    line_number      smallint NOT NULL CHECK (line_number BETWEEN 1 AND 50),
    product_id       bigint NOT NULL CHECK (product_id > 0),
    quantity         smallint NOT NULL CHECK (quantity BETWEEN 1 AND 99),
    unit_price_cents integer NOT NULL CHECK (unit_price_cents >= 0),
    PRIMARY KEY (order_id, line_number),
    UNIQUE (order_id, product_id)
)
"""

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
    for statement in (_CUSTOMER, _PRICE_LIST, _ORDER, _ORDER_LINE, _CHECK_TOTAL):
        op.execute(statement)
    op.execute('CREATE INDEX order_of_customer ON orders."order" (customer_id, id)')
    op.execute(_TOTAL_TRIGGER.format(name="order_total", table='orders."order"', deletes=""))
    op.execute(_TOTAL_TRIGGER.format(name="order_line_total", table="orders.order_line", deletes=" OR DELETE"))
