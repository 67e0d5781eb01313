-- Made by `make statements` from services/products/search.py; not to be edited.

-- by_id: product_id
SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = $1::BIGINT

-- search relevance: rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $1::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $1::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance after: after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($1 AS BIGINT), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.id, products.product.id) > (CAST($1 AS BIGINT), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance max_price: max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance max_price after: max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (products.product.id, products.product.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance min_price: min_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance min_price after: min_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (products.product.id, products.product.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance min_price max_price: min_price, max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance min_price max_price after: min_price, max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (products.product.id, products.product.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels: labels, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels after: labels, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.id, products.product.id) > (CAST($2 AS BIGINT), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels max_price: labels, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels max_price after: labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.id, products.product.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels min_price: labels, min_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels min_price after: labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.id, products.product.id) > (CAST($3 AS BIGINT), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels min_price max_price: labels, min_price, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance labels min_price max_price after: labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.id AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($4 AS BIGINT), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.id AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.id, products.product.id) > (CAST($4 AS BIGINT), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.id, products.product.id
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search relevance words: words, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $2::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words after: words, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($2 AS FLOAT(53)) OR candidates.key = CAST($2 AS FLOAT(53)) AND candidates.id > CAST($3 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $4::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words max_price: words, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $3::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words max_price after: words, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($3 AS FLOAT(53)) OR candidates.key = CAST($3 AS FLOAT(53)) AND candidates.id > CAST($4 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $5::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words min_price: words, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $3::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words min_price after: words, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($3 AS FLOAT(53)) OR candidates.key = CAST($3 AS FLOAT(53)) AND candidates.id > CAST($4 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $5::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words min_price max_price: words, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $4::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words min_price max_price after: words, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($4 AS FLOAT(53)) OR candidates.key = CAST($4 AS FLOAT(53)) AND candidates.id > CAST($5 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $6::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels: words, labels, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $3::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels after: words, labels, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($3 AS FLOAT(53)) OR candidates.key = CAST($3 AS FLOAT(53)) AND candidates.id > CAST($4 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $5::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels max_price: words, labels, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $4::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels max_price after: words, labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($4 AS FLOAT(53)) OR candidates.key = CAST($4 AS FLOAT(53)) AND candidates.id > CAST($5 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $6::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels min_price: words, labels, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $4::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels min_price after: words, labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($4 AS FLOAT(53)) OR candidates.key = CAST($4 AS FLOAT(53)) AND candidates.id > CAST($5 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $6::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels min_price max_price: words, labels, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates ORDER BY candidates.key DESC, candidates.id
 LIMIT $5::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search relevance words labels min_price max_price after: words, labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, CAST(ts_rank(products.product.search, (SELECT query.q
FROM query)) AS FLOAT(53)) AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE candidates.key < CAST($5 AS FLOAT(53)) OR candidates.key = CAST($5 AS FLOAT(53)) AND candidates.id > CAST($6 AS BIGINT) ORDER BY candidates.key DESC, candidates.id
 LIMIT $7::INTEGER) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id

-- search price_asc: rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $1::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $1::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc after: after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($1 AS INTEGER), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.price_cents, products.product.id) > (CAST($1 AS INTEGER), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc max_price: max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc max_price after: max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc min_price: min_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc min_price after: min_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc min_price max_price: min_price, max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc min_price max_price after: min_price, max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels: labels, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels after: labels, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels max_price: labels, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels max_price after: labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels min_price: labels, min_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels min_price after: labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels min_price max_price: labels, min_price, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc labels min_price max_price after: labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words: words, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words after: words, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) > (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words max_price: words, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words max_price after: words, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words min_price: words, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words min_price after: words, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words min_price max_price: words, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words min_price max_price after: words, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels: words, labels, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels after: words, labels, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) > (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels max_price: words, labels, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels max_price after: words, labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels min_price: words, labels, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels min_price after: words, labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels min_price max_price: words, labels, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_asc words labels min_price max_price after: words, labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) > (CAST($5 AS INTEGER), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key, candidates.id
 LIMIT $7::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (products.product.price_cents, products.product.id) > (CAST($5 AS INTEGER), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents, products.product.id
 LIMIT $7::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key, rows.id

-- search price_desc: rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $1::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $1::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc after: after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($1 AS INTEGER), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.price_cents, products.product.id) < (CAST($1 AS INTEGER), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc max_price: max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc max_price after: max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc min_price: min_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc min_price after: min_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc min_price max_price: min_price, max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc min_price max_price after: min_price, max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels: labels, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels after: labels, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels max_price: labels, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels max_price after: labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels min_price: labels, min_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels min_price after: labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels min_price max_price: labels, min_price, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc labels min_price max_price after: labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words: words, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words after: words, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) < (CAST($2 AS INTEGER), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words max_price: words, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words max_price after: words, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words min_price: words, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words min_price after: words, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words min_price max_price: words, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words min_price max_price after: words, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels: words, labels, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels after: words, labels, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.price_cents, products.product.id) < (CAST($3 AS INTEGER), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels max_price: words, labels, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels max_price after: words, labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels min_price: words, labels, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels min_price after: words, labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($4 AS INTEGER), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels min_price max_price: words, labels, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search price_desc words labels min_price max_price after: words, labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.price_cents AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($5 AS INTEGER), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $7::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.price_cents AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (products.product.price_cents, products.product.id) < (CAST($5 AS INTEGER), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.price_cents DESC, products.product.id DESC
 LIMIT $7::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest: rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $1::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $1::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest after: after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($1 AS TIMESTAMP WITH TIME ZONE), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.created_at, products.product.id) < (CAST($1 AS TIMESTAMP WITH TIME ZONE), CAST($2 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest max_price: max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest max_price after: max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents <= $1::INTEGER AND (products.product.created_at, products.product.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest min_price: min_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest min_price after: min_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND (products.product.created_at, products.product.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest min_price max_price: min_price, max_price, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest min_price max_price after: min_price, max_price, after_key, after_id, rows
WITH candidates AS MATERIALIZED
(SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE products.product.price_cents >= $1::INTEGER AND products.product.price_cents <= $2::INTEGER AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels: labels, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels after: labels, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.created_at, products.product.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels max_price: labels, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels max_price after: labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels min_price: labels, min_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels min_price after: labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels min_price max_price: labels, min_price, max_price, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest labels min_price max_price after: labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT CAST(CAST($1 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.created_at, products.product.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words: words, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $2::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $2::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words after: words, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.created_at, products.product.id) < (CAST($2 AS TIMESTAMP WITH TIME ZONE), CAST($3 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words max_price: words, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words max_price after: words, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $2::INTEGER AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words min_price: words, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words min_price after: words, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words min_price max_price: words, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words min_price max_price after: words, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $2::INTEGER AND products.product.price_cents <= $3::INTEGER AND (products.product.created_at, products.product.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels: words, labels, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $3::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $3::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels after: words, labels, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND (products.product.created_at, products.product.id) < (CAST($3 AS TIMESTAMP WITH TIME ZONE), CAST($4 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels max_price: words, labels, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels max_price after: words, labels, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents <= $3::INTEGER AND (products.product.created_at, products.product.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels min_price: words, labels, min_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $4::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $4::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels min_price after: words, labels, min_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $6::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND (products.product.created_at, products.product.id) < (CAST($4 AS TIMESTAMP WITH TIME ZONE), CAST($5 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $6::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels min_price max_price: words, labels, min_price, max_price, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $5::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $5::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC

-- search newest words labels min_price max_price after: words, labels, min_price, max_price, after_key, after_id, rows
WITH query AS
(SELECT websearch_to_tsquery('english'::regconfig, $1::VARCHAR) && CAST(CAST($2 AS TEXT) AS TSQUERY) AS q),
candidates AS MATERIALIZED
(SELECT shelves.id AS id, shelves.key AS key
FROM (SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id <= 10000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 10000 AND products.product.id <= 100000 UNION ALL SELECT products.product.id AS id, products.product.created_at AS key
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND products.product.id > 100000) AS shelves
 LIMIT 1001),
tally AS
(SELECT count(*) AS found
FROM candidates)
 SELECT one.found, rows.key, rows.id, rows.body
FROM (SELECT (SELECT tally.found
FROM tally) AS found) AS one LEFT OUTER JOIN (SELECT page.key AS key, page.id AS id, (SELECT CAST(json_build_object('id', products.product.id, 'name', products.product.name, 'brand', products.product.brand, 'category', products.product.category, 'description', products.product.description, 'price_cents', products.product.price_cents, 'currency', products.product.currency, 'created_at', products.product.created_at) AS TEXT) AS body
FROM products.product
WHERE products.product.id = page.id) AS body
FROM (SELECT anon_1.key AS key, anon_1.id AS id
FROM (SELECT anon_2.key AS key, anon_2.id AS id
FROM (SELECT candidates.key AS key, candidates.id AS id
FROM candidates
WHERE (candidates.key, candidates.id) < (CAST($5 AS TIMESTAMP WITH TIME ZONE), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) <= 1000 ORDER BY candidates.key DESC, candidates.id DESC
 LIMIT $7::INTEGER) AS anon_2 UNION ALL SELECT anon_3.key AS key, anon_3.id AS id
FROM (SELECT products.product.created_at AS key, products.product.id AS id
FROM products.product
WHERE (products.product.search @@ (SELECT query.q
FROM query)) AND products.product.price_cents >= $3::INTEGER AND products.product.price_cents <= $4::INTEGER AND (products.product.created_at, products.product.id) < (CAST($5 AS TIMESTAMP WITH TIME ZONE), CAST($6 AS BIGINT)) AND (SELECT tally.found
FROM tally) > 1000 ORDER BY products.product.created_at DESC, products.product.id DESC
 LIMIT $7::INTEGER) AS anon_3) AS anon_1) AS page) AS rows ON true ORDER BY rows.key DESC, rows.id DESC
