-- Made by `make statements` from services/customers/queries.py; not to be edited.

-- by_id: customer_id
SELECT CAST(json_build_object('id', customers.customer.id, 'name', customers.customer.name, 'email', customers.customer.email, 'city', customers.customer.city, 'country', customers.customer.country, 'created_at', customers.customer.created_at) AS TEXT) AS document
FROM customers.customer
WHERE customers.customer.id = $1::BIGINT
