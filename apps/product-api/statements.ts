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
  // Without a name, so planned anew for each text: a plan for any text would scan for a rare one as it does for a common one.
  return {
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

/** Takes the key, or waits for the transaction that holds it and then returns nothing. A key older than a day is free again. */
export const claimKey = (key: string, requestHash: string): Statement => ({
  name: 'claim-key',
  text: `INSERT INTO idempotency_key AS known (key, request_hash) VALUES ($1, $2)
         ON CONFLICT (key) DO UPDATE SET request_hash = $2, response = NULL, created_at = now()
           WHERE known.created_at < now() - interval '1 day'
         RETURNING key`,
  values: [key, requestHash],
});

export const readKey = (key: string): Statement => ({
  name: 'read-key',
  text: 'SELECT request_hash, response FROM idempotency_key WHERE key = $1',
  values: [key],
});

export const answerKey = (key: string, response: unknown): Statement => ({
  name: 'answer-key',
  text: 'UPDATE idempotency_key SET response = $2 WHERE key = $1',
  values: [key, JSON.stringify(response)],
});

/** A few old keys at a time, so that no request pays for a big clean-up. */
export const pruneKeys: Statement = {
  name: 'prune-keys',
  text: `DELETE FROM idempotency_key WHERE key IN
           (SELECT key FROM idempotency_key WHERE created_at < now() - interval '1 day'
            ORDER BY created_at LIMIT 2 FOR UPDATE SKIP LOCKED)`,
};

/** Whether the database answers and has been migrated. */
export const readyStatement: Statement = { name: 'ready', text: 'SELECT FROM product LIMIT 1' };
