-- The answer to a request with an Idempotency-Key, kept for a day (see product-api/statements.ts).
CREATE TABLE IF NOT EXISTS idempotency_key (
  key text PRIMARY KEY,
  request_hash text NOT NULL,
  response jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS idempotency_key_created_at ON idempotency_key (created_at);
