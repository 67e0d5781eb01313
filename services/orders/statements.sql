-- Made by `make statements` from services/orders/queries.py; not to be edited.

-- place: key, fingerprint, product_ids, quantities, customer_id
WITH priced AS
(SELECT requested.line_number AS line_number, requested.product_id AS product_id, requested.quantity AS quantity, orders.price_list.unit_price_cents AS unit_price_cents, orders.price_list.currency AS currency
FROM unnest($3::BIGINT[], $4::BIGINT[]) WITH ORDINALITY AS requested(product_id, quantity, line_number) LEFT OUTER JOIN orders.price_list ON orders.price_list.product_id = requested.product_id),
placed AS
(INSERT INTO orders."order" (idempotency_key, fingerprint, customer_id, currency, total_cents) SELECT $1::VARCHAR AS anon_1, $2::BYTEA AS anon_2, orders.customer.id AS id, min(priced.currency) AS min_1, sum(priced.quantity * priced.unit_price_cents) AS sum_1
FROM priced, orders.customer
WHERE orders.customer.id = $5::BIGINT GROUP BY orders.customer.id
HAVING count(priced.unit_price_cents) = count(*) AND min(priced.currency) = max(priced.currency) ON CONFLICT (idempotency_key) DO NOTHING RETURNING orders."order".id, orders."order".customer_id, orders."order".currency, orders."order".total_cents, orders."order".created_at),
written AS
(INSERT INTO orders.order_line (order_id, line_number, product_id, quantity, unit_price_cents) SELECT placed.id AS id, priced.line_number AS line_number, priced.product_id AS product_id, priced.quantity AS quantity, priced.unit_price_cents AS unit_price_cents
FROM placed JOIN priced ON true)
 SELECT placed.id, CAST(json_build_object('id', placed.id, 'customer_id', placed.customer_id, 'lines', (SELECT json_agg(json_build_object('product_id', priced.product_id, 'quantity', priced.quantity, 'unit_price_cents', priced.unit_price_cents) ORDER BY priced.line_number) AS json_agg_1
FROM priced), 'total_cents', placed.total_cents, 'currency', placed.currency, 'created_at', placed.created_at) AS TEXT) AS document
FROM placed

-- by_key: key
SELECT orders."order".id, orders."order".fingerprint, CAST(json_build_object('id', orders."order".id, 'customer_id', orders."order".customer_id, 'lines', (SELECT json_agg(json_build_object('product_id', orders.order_line.product_id, 'quantity', orders.order_line.quantity, 'unit_price_cents', orders.order_line.unit_price_cents) ORDER BY orders.order_line.line_number) AS json_agg_1
FROM orders.order_line
WHERE orders.order_line.order_id = orders."order".id), 'total_cents', orders."order".total_cents, 'currency', orders."order".currency, 'created_at', orders."order".created_at) AS TEXT) AS document
FROM orders."order"
WHERE orders."order".idempotency_key = $1::VARCHAR

-- by_id: order_id
SELECT CAST(json_build_object('id', orders."order".id, 'customer_id', orders."order".customer_id, 'lines', (SELECT json_agg(json_build_object('product_id', orders.order_line.product_id, 'quantity', orders.order_line.quantity, 'unit_price_cents', orders.order_line.unit_price_cents) ORDER BY orders.order_line.line_number) AS json_agg_1
FROM orders.order_line
WHERE orders.order_line.order_id = orders."order".id), 'total_cents', orders."order".total_cents, 'currency', orders."order".currency, 'created_at', orders."order".created_at) AS TEXT) AS document
FROM orders."order"
WHERE orders."order".id = $1::BIGINT

-- of_customer: customer_id, before_id, count
SELECT orders."order".id, CAST(json_build_object('id', orders."order".id, 'customer_id', orders."order".customer_id, 'lines', (SELECT json_agg(json_build_object('product_id', orders.order_line.product_id, 'quantity', orders.order_line.quantity, 'unit_price_cents', orders.order_line.unit_price_cents) ORDER BY orders.order_line.line_number) AS json_agg_1
FROM orders.order_line
WHERE orders.order_line.order_id = orders."order".id), 'total_cents', orders."order".total_cents, 'currency', orders."order".currency, 'created_at', orders."order".created_at) AS TEXT) AS document
FROM orders."order"
WHERE orders."order".customer_id = $1::BIGINT AND orders."order".id < $2::BIGINT ORDER BY orders."order".id DESC
 LIMIT $3::INTEGER

-- obstacles: customer_id, product_ids, quantities
SELECT EXISTS (SELECT *
FROM orders.customer
WHERE orders.customer.id = $1::BIGINT) AS customer_known, array_agg(requested.product_id ORDER BY requested.line_number) FILTER (WHERE orders.price_list.product_id IS NULL) AS unknown_products, array_agg(DISTINCT orders.price_list.currency) FILTER (WHERE orders.price_list.product_id IS NOT NULL) AS currencies
FROM unnest($2::BIGINT[], $3::BIGINT[]) WITH ORDINALITY AS requested(product_id, quantity, line_number) LEFT OUTER JOIN orders.price_list ON orders.price_list.product_id = requested.product_id
