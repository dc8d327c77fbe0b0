-- An import is one transaction, as the owner of the tables. Until its last word nothing of it can be seen, and without that nothing remains.
BEGIN;
-- By this number Postgres is asked what became of it, where its answer does not arrive.
SELECT json_build_object('transaction', txid_current()::text);
SET LOCAL ROLE product_owner;
SET LOCAL client_min_messages = warning;
CREATE TEMPORARY TABLE incoming (
  line integer NOT NULL,
  label text NOT NULL,
  id uuid NOT NULL,
  sku text NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  price_amount bigint NOT NULL,
  price_currency char(3) NOT NULL,
  stock integer NOT NULL,
  created_at timestamptz(3),
  updated_at timestamptz(3),
  digest text NOT NULL,
  product uuid
) ON COMMIT DROP;
COPY incoming (line, label, id, sku, name, description, price_amount, price_currency, stock, created_at, updated_at, digest) FROM STDIN;
