-- Follows begin.sql and the rows. :wanted says whether they are to be taken, :skip_bad whether also without
-- those that cannot be, which are no more than :most_refusals.
CREATE INDEX ON incoming (id);
CREATE INDEX ON incoming (sku);
ANALYZE incoming;

-- The product that a row is about: the one with its id, else the one with its sku.
UPDATE incoming SET product = product.id FROM product WHERE product.id = incoming.id;
UPDATE incoming SET product = product.id FROM product WHERE incoming.product IS NULL AND product.sku = incoming.sku;

CREATE TEMPORARY TABLE refused ON COMMIT DROP AS
  SELECT line, label, 'sku' AS field, format('is the one of row %s too', first) AS reason
  FROM (SELECT line, label, min(line) OVER (PARTITION BY sku) AS first FROM incoming) AS same
  WHERE line > first;
INSERT INTO refused
  SELECT line, label, 'id', format('is the same product as row %s', first)
  FROM (SELECT line, label, min(line) OVER (PARTITION BY coalesce(product, id)) AS first FROM incoming) AS same
  WHERE line > first AND line NOT IN (SELECT line FROM refused);
INSERT INTO refused
  SELECT line, label, 'sku', format('belongs to another product of the stack, %s', product.id)
  FROM incoming JOIN product ON product.sku = incoming.sku AND product.id <> incoming.product;
SELECT count(*) > :most_refusals AS has_too_many FROM refused \gset
\if :has_too_many
  DO $$ BEGIN RAISE EXCEPTION 'too many rows are of the same product as another one. Is every column the right one?'; END $$;
\endif
SELECT json_build_object('row', line, 'label', label, 'column', field, 'reason', reason) FROM refused ORDER BY line;
DELETE FROM incoming USING refused WHERE refused.line = incoming.line;

-- All that a row says of a product, as it was hashed when it was read (imports/take.ts).
\set digest 'md5(concat_ws(E''\\x1f'', product.sku, product.name, product.description, product.price_amount, product.price_currency::text, product.stock, CASE WHEN incoming.created_at IS NOT NULL THEN to_char(product.created_at AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'') END))'

SELECT json_build_object(
  'added', count(*) FILTER (WHERE product.id IS NULL),
  'changed', count(*) FILTER (WHERE product.id IS NOT NULL AND :digest <> digest),
  'same', count(*) FILTER (WHERE product.id IS NOT NULL AND :digest = digest),
  'dated', count(incoming.created_at))
FROM incoming LEFT JOIN product ON product.id = incoming.product;
SELECT json_build_object('currency', price_currency, 'amount', sum(price_amount)::text, 'rows', count(*))
FROM incoming GROUP BY price_currency ORDER BY price_currency;

SELECT :wanted AND (:skip_bad OR NOT EXISTS (SELECT FROM refused)) AS is_taken \gset
\if :is_taken
  UPDATE product SET sku = incoming.sku, name = incoming.name, description = incoming.description,
    price_amount = incoming.price_amount, price_currency = incoming.price_currency, stock = incoming.stock,
    created_at = coalesce(incoming.created_at, product.created_at), updated_at = now(), version = product.version + 1
  FROM incoming WHERE product.id = incoming.product AND :digest <> digest;
  INSERT INTO product (id, sku, name, description, price_amount, price_currency, stock, created_at, updated_at)
  SELECT id, sku, name, description, price_amount, price_currency, stock,
    coalesce(created_at, now()), coalesce(updated_at, created_at, now())
  FROM incoming WHERE product IS NULL ORDER BY line;
  SELECT count(*) = 0 AS is_equal FROM incoming LEFT JOIN product ON product.id = coalesce(incoming.product, incoming.id)
  WHERE :digest IS DISTINCT FROM digest \gset
  \if :is_equal
    COMMIT;
    SELECT json_build_object('taken', true);
    \set ON_ERROR_STOP 0
    ANALYZE product;
  \else
    DO $$ BEGIN RAISE EXCEPTION 'what arrived in the table is not what was read'; END $$;
  \endif
\else
  ROLLBACK;
\endif
