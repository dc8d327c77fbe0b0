import type { Statement } from './database.ts';

const columns =
  'id, sku, name, description, price_amount, price_currency, stock, created_at, updated_at, version';
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A page of products before `cursor`, newest first; asks for one more than `limit` to know whether there is a next page. */
export function listStatement({
  cursor,
  search,
  limit,
}: {
  cursor?: string;
  search?: string;
  limit: number;
}): Statement {
  const values: unknown[] = [cursor ?? highestId, limit + 1];
  if (search === undefined) {
    return {
      name: 'list',
      text: `SELECT ${columns} FROM product WHERE id < $1 ORDER BY id DESC LIMIT $2`,
      values,
    };
  }
  return {
    name: 'search',
    text: `SELECT ${columns} FROM product WHERE id < $1 AND name ILIKE $3 ORDER BY id DESC LIMIT $2`,
    values: [...values, `%${search.replace(/[\\%_]/g, '\\$&')}%`],
  };
}

export const readStatement = (id: string): Statement => ({
  name: 'read',
  text: `SELECT ${columns} FROM product WHERE id = $1`,
  values: [id],
});

export const insertStatement = (values: unknown[]): Statement => ({
  name: 'insert',
  text: `INSERT INTO product (id, sku, name, description, price_amount, price_currency, stock)
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns}`,
  values,
});

export const updateStatement = (values: unknown[]): Statement => ({
  name: 'update',
  text: `UPDATE product SET sku = $3, name = $4, description = $5, price_amount = $6, price_currency = $7, stock = $8,
           version = version + 1, updated_at = now()
         WHERE id = $1 AND version = $2 RETURNING ${columns}`,
  values,
});

export const deleteStatement = (id: string, version: number): Statement => ({
  name: 'delete',
  text: 'DELETE FROM product WHERE id = $1 AND version = $2 RETURNING id',
  values: [id, version],
});

/** Takes the key, or waits for the transaction that holds it and then returns nothing. */
export const claimKey = (key: string, requestHash: string): Statement => ({
  text: 'INSERT INTO idempotency_key (key, request_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key',
  values: [key, requestHash],
});

export const readKey = (key: string): Statement => ({
  text: 'SELECT request_hash, response FROM idempotency_key WHERE key = $1',
  values: [key],
});

export const answerKey = (key: string, response: unknown): Statement => ({
  text: 'UPDATE idempotency_key SET response = $2 WHERE key = $1',
  values: [key, JSON.stringify(response)],
});

/** A few old keys at a time, so that no request pays for a big clean-up. */
export const pruneKeys: Statement = {
  text: `DELETE FROM idempotency_key WHERE key IN
           (SELECT key FROM idempotency_key WHERE created_at < now() - interval '1 day' ORDER BY created_at LIMIT 2 FOR UPDATE SKIP LOCKED)`,
};
